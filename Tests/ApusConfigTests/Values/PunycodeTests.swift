import Testing

@testable import ApusConfig

@Suite struct PunycodeTests {
    @Test(
        "the samples of RFC 3492 §7.1 and names in use",
        arguments: [
            ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
            ("למההםפשוטלאמדבריםעברית", "xn--4dbcagdahymbxekheh6e0a7fei0b"),
            ("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
            ("straße.example", "xn--strae-oqa.example"), ("plain.example", "plain.example"),
        ]
    )
    func samples(_ name: String, _ code: String) {
        #expect(Punycode.encode(name: name) == code)
    }

    @Test("a label too long for the DNS has no form in it")
    func tooLong() {
        #expect(Punycode.encode(name: String(repeating: "ü", count: 60)) == nil)
        #expect(Punycode.encode(name: String(repeating: "üa", count: 29)) == nil)
    }
}
