import Testing

@testable import ApusWire

@Suite struct ResponsePropertiesTests {
    private func reading(
        _ fields: String...,
        status: Int = 200,
        version: String = "HTTP/1.1",
        method: Method = .get,
        upgrade: [String] = []
    ) -> ResponseReading {
        let lines = fields.map { $0 + "\r\n" }.joined()
        return ResponseReading("\(version) \(status) x\r\n\(lines)\r\n", method: method, upgrade: upgrade)
    }

    static let faults: [(String, ResponseFault)] = [
        ("Content-Length: x", .malformedContentLength), ("Content-Length: -1", .malformedContentLength),
        ("Content-Length: 5, 6", .differingContentLengths),
        ("Content-Length: 5\r\nContent-Length: 6", .differingContentLengths),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", .lengthWithTransferEncoding),
        ("Transfer-Encoding: gzip, chunked", .unknownTransferCoding),
        ("Transfer-Encoding: gzip", .unknownTransferCoding),
        ("Transfer-Encoding: chunked, chunked", .malformedTransferEncoding),
    ]

    @Test("each fault of the fields is found, whatever the status and the method", arguments: faults)
    func faulty(_ fields: String, _ fault: ResponseFault) {
        for method in [Method.get, .head, .post] {
            for status in [100, 103, 200, 204, 304, 500] {
                #expect(reading(fields, status: status, method: method).fault == fault)
            }
        }
    }

    @Test("every fault of a response is one that a head can have, or is told elsewhere")
    func reached() {
        let elsewhere: Set<ResponseFault> = [
            .malformedChunk, .chunkExtensionsTooLong, .trailersTooLarge, .malformedTrailer, .contentBeforeFinal,
            .unexpectedBytes, .incompleteHead, .incompleteBody, .noResponse,
        ]
        // Each has a test of its own.
        let others: Set<ResponseFault> = [.fieldLineTooLong, .transferEncodingInHTTP10, .unrequestedUpgrade]
        let reached = Set(ResponseHeadTests.faults.map(\.1)).union(Self.faults.map(\.1)).union(others)
        #expect(reached.isDisjoint(with: elsewhere))
        #expect(reached.union(elsewhere) == Set(ResponseFault.allCases))
    }

    @Test("Transfer-Encoding of an HTTP/1.0 origin is faulty framing")
    func http10() {
        #expect(reading("Transfer-Encoding: chunked", version: "HTTP/1.0").fault == .transferEncodingInHTTP10)
    }

    @Test("the method and the status decide before the fields whether there is a body")
    func bodies() {
        for fields in [["Content-Length: 5"], ["Transfer-Encoding: chunked"], []] {
            let lines = fields.joined(separator: "\r\n") + (fields.isEmpty ? "X: y" : "")
            let body: BodyFraming = fields.isEmpty ? .untilClose : fields[0].hasPrefix("C") ? .length(5) : .chunked
            for status in [200, 201, 205, 206, 301, 400, 404, 500, 599] {
                #expect(reading(lines, status: status).facts?.body == body)
                #expect(reading(lines, status: status, method: .head).facts?.body == BodyFraming.none)
            }
            for status in [100, 102, 103, 199, 204, 304] {
                #expect(reading(lines, status: status).facts?.body == BodyFraming.none)
            }
        }
    }

    @Test("the connection to the origin persists by its version, its Connection and its framing")
    func persistence() {
        #expect(reading("Content-Length: 5").facts?.persistent == true)
        #expect(reading("Content-Length: 5", "Connection: a, CLOSE").facts?.persistent == false)
        #expect(reading().facts?.persistent == false)
        #expect(reading(status: 204).facts?.persistent == true)
        #expect(reading(method: .head).facts?.persistent == true)
        #expect(reading("Content-Length: 5", version: "HTTP/1.0").facts?.persistent == false)
        #expect(reading("Content-Length: 5", "Connection: keep-alive", version: "HTTP/1.0").facts?.persistent == true)
        let both = reading("Content-Length: 5", "Connection: keep-alive, close", version: "HTTP/1.0")
        #expect(both.facts?.persistent == false)
    }

    @Test("a 101 is taken only for what was offered")
    func switching() {
        let offered = ["websocket", "a/1"]
        for value in ["websocket", "WebSocket", "a/1", "a/1, websocket", ",websocket,"] {
            #expect(reading("Upgrade: \(value)", status: 101, upgrade: offered).facts?.status == 101, "\(value)")
        }
        for value in ["", ",", "b", "websocket, b", "a", "a/2", "websocketx"] {
            #expect(
                reading("Upgrade: \(value)", status: 101, upgrade: offered).fault == .unrequestedUpgrade,
                "\(value)"
            )
        }
        #expect(reading(status: 101, upgrade: offered).fault == .unrequestedUpgrade)
        #expect(reading("Upgrade: websocket", status: 101).fault == .unrequestedUpgrade)
        #expect(reading("Upgrade: h2c", status: 101, upgrade: ["h2c"]).fault == .unrequestedUpgrade)
        #expect(reading("Upgrade: b", status: 200).facts != nil)
    }
}
