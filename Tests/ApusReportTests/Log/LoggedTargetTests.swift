import ApusFlow
import Testing

@testable import ApusReport

@Suite struct LoggedTargetTests {
    private func target(_ record: AccessRecord, redacts: QueryRedaction = .none) -> String {
        var bytes: [UInt8] = []
        record.writeTarget(redactQueries: redacts, .quoted, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func record(_ kind: AccessRecord.Kind, _ host: String, _ port: UInt16, _ path: String) -> AccessRecord {
        AccessRecord(
            id: 1,
            startedAt: 0,
            kind: kind,
            clientAddress: "127.0.0.1",
            clientPort: 1,
            listener: "127.0.0.1:3128",
            scheme: kind == .tunnel ? nil : "http",
            host: host,
            port: port,
            path: path
        )
    }

    @Test("a request is shown as its URL, a tunnel as host and port")
    func forms() {
        #expect(target(record(.request, "o.example", 80, "/a?b")) == "http://o.example/a?b")
        #expect(target(record(.request, "o.example", 8080, "/")) == "http://o.example:8080/")
        #expect(target(record(.tunnel, "o.example", 443, "")) == "o.example:443")
        #expect(target(record(.tunnel, "::1", 443, "")) == "[::1]:443")
    }

    @Test("what was not understood is a dash, or the path alone")
    func unknown() {
        #expect(target(record(.request, "", 0, "")) == "-")
        #expect(target(record(.request, "", 0, "/x")) == "/x")
    }

    @Test("a query that is redacted leaves only that there was one")
    func redacted() {
        #expect(target(record(.request, "o.example", 80, "/a?secret"), redacts: true) == "http://o.example/a?...")
        let known = target(record(.request, "o.example", 80, "/a?b=c&sig=d"), redacts: .known)
        #expect(known == "http://o.example/a?b=c&sig=...")
    }
}
