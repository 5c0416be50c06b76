import Testing

@testable import ApusAdvice

@Suite("YAML text")
struct RuleYAMLTests {
    @Test(
        "plain words stay bare",
        arguments: ["example.org", "a-b_c.example", "anna", "anna@example.org", "xn--bcher-kva.example"]
    )
    func plain(_ text: String) {
        #expect(RuleYAML.scalar(text) == text)
    }

    @Test(
        "what YAML could take for something else is quoted",
        arguments: [
            ("*.example.org", "\"*.example.org\""), ("2001:db8::1", "\"2001:db8::1\""), ("192.0.2.1", "\"192.0.2.1\""),
            ("no", "\"no\""), ("True", "\"True\""), ("null", "\"null\""), ("", "\"\""), ("1.e5", "\"1.e5\""),
            ("-a", "\"-a\""),
            ("a b", "\"a b\""), ("a: b", "\"a: b\""), ("a#b", "\"a#b\""), ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("müller", "\"müller\""),
            ("a\nb", "\"a\\U0000000ab\""), ("\u{202e}x", "\"\\U0000202ex\""), ("_a", "\"_a\""), ("~", "\"~\""),
        ]
    )
    func quoted(_ text: String, _ expected: String) {
        #expect(RuleYAML.scalar(text) == expected)
    }

    @Test("a comment is one line without power over a terminal")
    func comment() {
        #expect(RuleYAML.comment("a \"b\"\n\u{1b}[2J\u{2028}") == "a \"b\"\\U0000000a\\U0000001b[2J\\U00002028")
    }

    @Test("one value is bare, several are in brackets")
    func list() {
        #expect(RuleYAML.list(["a"]) == "a")
        #expect(RuleYAML.list(["a", "b"]) == "[a, b]")
    }
}
