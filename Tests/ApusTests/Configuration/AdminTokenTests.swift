import Apus
import Testing

@Suite struct AdminTokenTests {
    @Test("a token is a file's first line, without white space around it, of 1 to 4096 bytes of UTF-8")
    func first() {
        func token(_ text: String) -> String? { AdminToken.parse(Array(text.utf8)) }
        #expect(
            token("secret") == "secret" && token("  secret\t\r\nother\n") == "secret" && token("\nsecret\n") == "secret"
        )
        #expect(token("") == nil && token("\n \n") == nil)
        #expect(token(String(repeating: "x", count: 4096))?.count == 4096)
        #expect(token(String(repeating: "x", count: 4097)) == nil)
        #expect(AdminToken.parse([0x61, 0xff]) == nil)
    }
}
