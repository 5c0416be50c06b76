import ApusFlow
import ApusReport
import Testing

@testable import ApusAdmin

@Suite("The filter of requests")
struct RequestFilterTests {
    private let record = AccessRecord(
        id: 0xabc,
        startedAt: 0,
        clientAddress: "10.0.0.1",
        clientPort: 1,
        listener: "127.0.0.1:3128",
        user: "anna",
        method: "GET",
        host: "www.example.org",
        port: 80,
        path: "/Path?q",
        status: 404,
        rule: "mirrors"
    )

    private func matches(_ conditions: [String: String], redactQueries: QueryRedaction = .none) -> Bool {
        RequestFilter { conditions[$0] }.matches(record, redactQueries: redactQueries)
    }

    @Test("each condition that is given must hold") func conditions() {
        #expect(matches([:]))
        for right in [
            ["host": "www.example.org"], ["host": "example.org"], ["host": "EXAMPLE.org"], ["status": "404"],
            ["status": "4xx"],
            ["user": "anna"], ["rule": "mirrors"], ["client": "10.0.0.1"], ["text": "path"], ["text": "0000abc"],
            ["text": "MIRR"],
            ["host": "", "status": ""], ["host": "example.org", "status": "404", "user": "anna"],
        ] { #expect(matches(right), "\(right)") }
        for wrong in [
            ["host": "ample.org"], ["host": "other.example"], ["status": "200"], ["status": "5xx"], ["status": "xx"],
            ["user": "bo"],
            ["rule": "mirror"], ["client": "10.0.0.11"], ["text": "nothing"], ["host": "example.org", "user": "bo"],
        ] { #expect(!matches(wrong), "\(wrong)") }
        // What is not shown cannot be found out by asking for it.
        #expect(matches(["text": "?q"]) && !matches(["text": "?q"], redactQueries: true))
        #expect(RequestFilter { _ in "" }.isEmpty && !RequestFilter { _ in "x" }.isEmpty)
    }

    @Test("a status is three digits, or a class") func statuses() {
        func isFaulty(_ status: String) -> Bool { RequestFilter { $0 == "status" ? status : nil }.hasFaultyStatus }
        for status in ["", "404", "4xx", "4XX", "0xx", "000"] { #expect(!isFaulty(status), "\(status)") }
        for status in ["4", "4x", "40x", "4xxx", "xxx", "4040", "-04", "٤٠٤", "x"] {
            #expect(isFaulty(status), "\(status)")
        }
    }
}
