import Testing

@testable import ApusReport

@Suite("What is asked by a control socket")
struct ControlRequestTests {
    private func parse(_ text: String) throws(ControlRequest.Fault) -> ControlRequest {
        try ControlRequest.parse(Array(text.utf8).span)
    }

    @Test(
        "what is written is read again, and every cut of it is malformed",
        arguments: [
            ControlRequest.status, .reload, .drain(waits: true), .drain(waits: false), .stop, .end(0), .end(0x0123),
            .end(.max),
        ]
    )
    func roundTrip(_ request: ControlRequest) throws {
        let line = request.line.dropLast()
        #expect(request.line.last == 0x0a)
        #expect(request.line.count(where: { $0 == 0x0a }) == 1)
        #expect(try ControlRequest.parse(Array(line).span) == request)
        for cut in 0..<line.count {
            #expect(throws: ControlRequest.Fault.malformed, "\(cut)") {
                try ControlRequest.parse(Array(line.prefix(cut)).span)
            }
        }
    }

    @Test("members that are not known are passed over, so that a newer command is understood") func more() throws {
        #expect(try parse(#"{"do":"status","apus":1,"new":{"x":[1]}}"#) == .status)
        #expect(try parse(#" {"apus":1, "do":"drain", "wait":false} "#) == .drain(waits: false))
    }

    @Test("what is no request is told why") func faults() {
        for text in [
            "", "status", "[]", "1", "null", #"{"apus":1,"do":"stop"}{}"#, #"{"apus":1,"apus":1,"do":"stop"}"#,
            "GET / HTTP/1.1",
        ] {
            #expect(throws: ControlRequest.Fault.malformed, "\(text)") { try parse(text) }
        }
        for text in [#"{"do":"stop"}"#, #"{"apus":2,"do":"stop"}"#, #"{"apus":"1","do":"stop"}"#, "{}"] {
            #expect(throws: ControlRequest.Fault.version, "\(text)") { try parse(text) }
        }
        #expect(throws: ControlRequest.Fault.unknown("restart")) { try parse(#"{"apus":1,"do":"restart"}"#) }
        #expect(throws: ControlRequest.Fault.unknown("")) { try parse(#"{"apus":1}"#) }
        for id in ["", "1", "xyzxyzxyzxyzxyzx", "+123456789abcdef", "00000000000000001"] {
            #expect(throws: ControlRequest.Fault.id, "\(id)") {
                try parse("{\"apus\":1,\"do\":\"end\",\"id\":\"\(id)\"}")
            }
        }
        #expect("\(ControlRequest.Fault.unknown("x"))".contains("reload"))
    }
}
