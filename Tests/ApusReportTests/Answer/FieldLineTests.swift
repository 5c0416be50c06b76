import Testing

@testable import ApusReport

@Suite struct FieldLineTests {
    private func written(_ name: String, _ value: String) -> String {
        var bytes: [UInt8] = []
        FieldLine(name, value).write(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a line is name, colon, value and CRLF")
    func line() { #expect(written("Allow", "GET") == "Allow: GET\r\n") }

    @Test("a value cannot end its line, and a name that is no token is left out")
    func injection() {
        #expect(written("Allow", "GET\r\nX: y") == "Allow: GET  X: y\r\n")
        #expect(written("Bad name", "x") == "")
        #expect(written("", "x") == "")
    }
}
