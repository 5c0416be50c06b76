import Testing

@testable import ApusWire

@Suite struct MethodTests {
    private func kind(_ method: String) -> Method? {
        RequestReading("\(method) http://h:1/ HTTP/1.1\r\nHost: h\r\n\r\n").head?.kind
    }

    @Test("methods are known by their exact letters, and any other token is a method too")
    func names() {
        let names: [(String, Method)] = [
            ("GET", .get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete), ("CONNECT", .connect),
            ("OPTIONS", .options), ("TRACE", .trace), ("PATCH", .patch),
        ]
        for (name, method) in names {
            #expect(kind(name) == method)
            #expect(kind(name.lowercased()) == .other)
            #expect(kind(name + "S") == .other)
            #expect(kind(String(name.dropLast())) == .other)
            // Nine letters and more: only the last eight fit the word that is compared.
            #expect(kind("X" + String(repeating: "\u{7e}", count: 8) + name) == .other)
        }
        #expect(kind("!#$%&'*+-.^_`|~") == .other)
    }

    @Test("what is idempotent is what RFC 9110 §9.2.2 says")
    func idempotent() {
        let idempotent: [Method] = [.get, .head, .put, .delete, .options, .trace]
        for method in [Method.get, .head, .post, .put, .delete, .connect, .options, .trace, .patch, .other] {
            #expect(method.isIdempotent == idempotent.contains(method))
        }
    }
}
