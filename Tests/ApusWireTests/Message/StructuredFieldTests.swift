import ApusWire
import Testing

@Suite struct StructuredFieldTests {
    private func string(_ value: String) -> String {
        var bytes: [UInt8] = []
        StructuredField.write(string: value, into: &bytes)
        return text(bytes)
    }

    private func token(_ value: String) -> String {
        var bytes: [UInt8] = []
        StructuredField.write(token: value, into: &bytes)
        return text(bytes)
    }

    @Test("a string holds printable ASCII only, with its quotes and backslashes escaped")
    func strings() {
        #expect(string("") == "\"\"")
        #expect(string("a \"b\" \\ ~") == "\"a \\\"b\\\" \\\\ ~\"")
        #expect(string("a\r\nSet-Cookie: b\0\u{7f}\u{e9}") == "\"a??Set-Cookie: b????\"")
    }

    @Test("what is no token is written as a string")
    func tokens() {
        for value in ["a", "Z", "*", "connection_refused", "a:b/c", "*a!#$%&'*+-.^_`|~9"] {
            #expect(StructuredField.isToken(value))
            #expect(token(value) == value)
        }
        for value in ["", "1a", "_a", "a b", "a,b", "a\"", "\u{e9}", "a\u{e9}", "-a", "a;b", "[a", "{a", "@a", "`a"] {
            #expect(!StructuredField.isToken(value))
            #expect(token(value) == string(value))
        }
    }

    @Test("an integer has fifteen digits at most")
    func integers() {
        for (value, written) in [
            (Int64(0), "0"), (-1, "-1"), (999_999_999_999_999, "999999999999999"), (.max, "999999999999999"),
            (.min, "-999999999999999"),
        ] {
            var bytes: [UInt8] = []
            StructuredField.write(integer: value, into: &bytes)
            #expect(text(bytes) == written)
        }
    }
}
