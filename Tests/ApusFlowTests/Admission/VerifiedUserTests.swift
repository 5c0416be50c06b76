import Testing

@testable import ApusFlow

@Test("a name is plain unless a log line would escape a byte of it")
func plainNames() {
    for name in ["anna", "a b", "x@example.org"] { #expect(VerifiedUser(name).isPlain) }
    for name in ["björn", "a\"b", "a\\b", "a\tb", "a\u{7f}"] { #expect(!VerifiedUser(name).isPlain) }
    #expect(VerifiedUser("é").bytes == [0xc3, 0xa9])
}
