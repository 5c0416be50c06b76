import ApusPolicy
import Testing

@Suite("a file of users") struct UserFileTests {
    private let bcrypt = PasswordHashTests.bcrypt
    private let yescrypt = PasswordHashTests.yescrypt
    private let token = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test("names and hashes, with comments, empty lines, either line end and a byte order mark passed over")
    func lines()
        throws
    {
        let text =
            "\u{feff}# users\r\nanna:\(bcrypt)\r\n\n  \n\t# more\nbjörn b:\(yescrypt) \nci:\(token)\nci:\(yescrypt)"
        let file = try UserFile(parsing: text)
        #expect(Set(file.passwords.keys) == ["anna", "björn b", "ci"])
        #expect(file.passwords["anna"]?.text == bcrypt && file.passwords["björn b"]?.text == yescrypt)
        #expect(file.tokens.map(\.user) == ["ci"] && file.users.count == 3 && !file.isEmpty)
        #expect(try UserFile(parsing: "").isEmpty && UserFile(parsing: "# nobody\n").isEmpty)
    }

    @Test("every fault is told at once, with its line, and nothing of what stands there") func faults() {
        let text = """
            anna:\(bcrypt)
            bo:sesame-opens
            just-a-name
            anna:\(yescrypt)
            :\(bcrypt)
             bo :\(bcrypt)
            ci:sha256:abc
            ci:\(token)
            cy:\(token)
            dora:
            """
        do throws(UserFileFaults) {
            _ = try UserFile(parsing: text, file: "users.htpasswd")
            Issue.record("it was taken")
        } catch {
            #expect(
                error.faults.map(\.reason) == [
                    .password(.plain), .noColon, .again(line: 1), .name, .name, .token, .sameToken, .password(.missing),
                ]
            )
            #expect(error.faults.map(\.position.line) == [2, 3, 4, 5, 6, 7, 9, 10])
            let lines = error.description.split(separator: "\n")
            #expect(lines.count == 8 && lines.allSatisfy { $0.hasPrefix("users.htpasswd:") })
            #expect(lines[2].contains("on line 1"))
            for word in ["sesame", "just-a-name", "ADE1", "ba7816", "dora"] {
                #expect(!error.description.contains(word))
            }
        }
    }

    @Test("a user may be added from elsewhere, by the same rules") func adding() throws {
        var file = UserFile()
        try file.add("anna", bcrypt)
        #expect(file.passwords["anna"]?.kind == .bcrypt)
        #expect(throws: UserFileFault.Reason.again(line: 0)) { try file.add("anna", yescrypt) }
        #expect(throws: UserFileFault.Reason.name) { try file.add("a:b", yescrypt) }
        try file.add("ci", TokenHash(hashing: Secret("abc")))
        #expect(file.tokens.map(\.user) == ["ci"])
        #expect(throws: UserFileFault.Reason.sameToken) { try file.add("cy", token) }
        #expect(throws: UserFileFault.Reason.name) { try file.add("", TokenHash(hashing: Secret("x"))) }
        #expect(throws: UserFileFault.Reason.password(.apr1)) { try file.add("bo", "$apr1$a$b") }
        #expect(try UserFile(parsing: "anna:\(bcrypt)") == UserFile(parsing: "\nanna:\(bcrypt)\n"))
    }
}
