import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Bandwidth and volume", .timeLimit(.minutes(15)))
struct PacingTests {
    private func proxy(_ change: (inout UsageLimit) -> Void) async throws -> TestProxy {
        var limit = UsageLimit()
        change(&limit)
        var policy = PolicyRules()
        policy.rules = [Rule(.limit(limit), name: "fair share"), allow("all", tls: .any)]
        return try await TestProxy.start(rules: policy) { _ in }
    }

    /// How a body is delimited.
    enum Framing: CaseIterable {
        case length, chunked, untilClose
    }

    private func response(_ framing: Framing, _ body: [UInt8]) -> [UInt8] {
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n"
        switch framing {
        case .length: return Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body
        case .untilClose: return Array("\(head)\r\n".utf8) + body
        case .chunked:
            let size = String(body.count, radix: 16)
            return Array("\(head)Transfer-Encoding: chunked\r\n\r\n\(size)\r\n".utf8) + body
                + Array("\r\n0\r\n\r\n".utf8)
        }
    }

    private static let size = 600_000
    private static let rate: UInt64 = 1_000_000
    /// At this rate no less than this, however fast the machine: what passes at once is a quarter of a second's worth, and the
    /// last slice is not waited for, nor one read of the chunked form.
    private static let least = Duration.milliseconds(600 - 250 - 100 - 132)

    @Test("a response takes the time that its bandwidth gives it, and arrives whole", arguments: Framing.allCases)
    func down(framing: Framing) async throws {
        let body = pattern(PacingTests.size)
        let bytes = response(framing, body)
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(bytes)
        }
        let proxy = try await proxy { $0.bandwidth = .init(PacingTests.rate, per: 1_000_000) }
        let begin = ContinuousClock.now
        let answer = try await proxy.fetch(head("GET", origin.url()))
        let took = ContinuousClock.now - begin
        #expect(answer.complete && answer.body == body)
        #expect(took >= PacingTests.least && took < Patience.limit, "\(took)")
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete && record.bytes.toClient >= UInt64(PacingTests.size))
    }

    @Test("a request body takes its time as well", arguments: [Framing.length, .chunked])
    func up(framing: Framing) async throws {
        let body = pattern(PacingTests.size)
        let origin = try ScriptedOrigin { connection in
            guard let request = try connection.readRequest() else { return }
            try connection.send(ok(request.body == body ? "same" : "other"))
        }
        let proxy = try await proxy { $0.bandwidth = .init(PacingTests.rate, per: 1_000_000) }
        let begin = ContinuousClock.now
        let answer = try await proxy.client { client in
            if framing == .length {
                try client.send(head("POST", origin.url(), "Content-Length: \(body.count)"))
                try client.send(body)
            } else {
                try client.send(head("POST", origin.url(), "Transfer-Encoding: chunked"))
                try client.send("\(String(body.count, radix: 16))\r\n")
                try client.send(body)
                try client.send("\r\n0\r\n\r\n")
            }
            return try client.readResponse()
        }
        let took = ContinuousClock.now - begin
        #expect(answer.text == "same")
        #expect(took >= PacingTests.least && took < Patience.limit, "\(took)")
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test("a tunnel takes its time both ways together") func tunnel() async throws {
        let half = PacingTests.size / 2
        let origin = try ScriptedOrigin { connection in
            let got = try connection.read(half)
            try connection.send(got)
            _ = try connection.readToEnd()
        }
        let proxy = try await proxy { $0.bandwidth = .init(PacingTests.rate, per: 1_000_000) }
        let begin = ContinuousClock.now
        try await proxy.client { client in
            try client.send(connect(origin.authority))
            _ = try client.readResponse(to: "CONNECT")
            try client.send(pattern(half))
            #expect(try client.read(half) == pattern(half))
            client.shutdown()
            _ = try client.readToEnd()
        }
        let took = ContinuousClock.now - begin
        #expect(took >= PacingTests.least && took < Patience.limit, "\(took)")
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete)
        #expect(record.bytes.toUpstream == UInt64(half) && record.bytes.fromUpstream == UInt64(half))
    }

    @Test("many small responses are as slow as one large one") func small() async throws {
        let origin = try ScriptedOrigin.answering(ok(String(repeating: "x", count: 20_000)))
        let proxy = try await proxy { $0.bandwidth = .init(PacingTests.rate, per: 1_000_000) }
        let begin = ContinuousClock.now
        try await proxy.client { client in
            for _ in 0..<30 {
                let count = try client.exchange(head("GET", origin.url())).body.count
                #expect(count == 20_000)
            }
        }
        let took = ContinuousClock.now - begin
        #expect(took >= PacingTests.least && took < Patience.limit, "\(took)")
        _ = try await proxy.settle(30)
    }

    @Test("a pause of this proxy is nobody's stall") func patience() async throws {
        let size = 45_000
        let origin = try ScriptedOrigin.answering(ok(String(repeating: "x", count: size)))
        try await atPace(from: .seconds(2)) { deadline in
            var limit = UsageLimit()
            // The first response owes some 12,000 bytes beyond what passes at once: the next one waits for half as long again.
            limit.bandwidth = .init(4000, per: UInt64(deadline.components.seconds) * 500_000)
            var policy = PolicyRules()
            policy.rules = [Rule(.limit(limit)), Rule(.allow(Permission()))]
            let proxy = try await TestProxy.start(rules: policy) {
                $0.timeouts.firstByte = deadline
                $0.timeouts.responseBody = deadline
                $0.timeouts.stall = deadline
            }
            let begin = ContinuousClock.now
            let answers = try await proxy.client { client in
                try (0..<2).map { _ in
                    let answer = try client.exchange(head("GET", origin.url()))
                    guard answer.complete, answer.status == 200 else { throw PeerFault.timedOut }
                    return answer
                }
            }
            #expect(ContinuousClock.now - begin > deadline)
            #expect(answers.allSatisfy { $0.body.count == size })
            #expect(try await proxy.settle(2).allSatisfy { $0.ending == .complete })
        }
    }

    // MARK: Volume

    @Test("when the volume is used up requests are refused until the period is over") func volume() async throws {
        let origin = try ScriptedOrigin.answering(ok(String(repeating: "x", count: 5000)))
        let proxy = try await proxy { $0.volume = .init(12_000, per: 1 << 50) }
        var answers: [RawResponse] = []
        for _ in 0..<4 {
            answers.append(try await proxy.fetch(head("GET", origin.url())))
            // What a response was is counted with its record.
            _ = await proxy.records(count: answers.count)
        }
        #expect(answers.map(\.status) == [200, 200, 200, 429])
        #expect(answers[3].value("retry-after").flatMap { Int($0) }.map { $0 > 60 } == true)
        #expect(answers[3].value("proxy-status")?.contains("error=http_request_denied") == true)
        let records = try await proxy.settle(4)
        #expect(records[3].fault == "volume_limit" && records[3].rule == "fair share")
    }

    @Test("a response is cut off where the volume ends, and the client can tell") func cut() async throws {
        let size = 4 << 20
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try? connection.send(Array("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n".utf8) + pattern(size))
        }
        let proxy = try await proxy { $0.volume = .init(1 << 20, per: 1 << 50) }
        let answer = try await proxy.fetch(head("GET", origin.url()))
        #expect(!answer.complete && answer.body.count >= (1 << 20) - 1000 && answer.body.count < 2 << 20)
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.proxy, .relay, .limit) && record.fault == "volume_limit")
        #expect(record.rule == "fair share" && record.status == 200)
    }

    @Test("a tunnel whose volume is used up ends, and its record says so") func usedUp() async throws {
        let origin = try ScriptedOrigin { connection in
            try? connection.send(pattern(4 << 20))
            _ = try? connection.readToEnd()
        }
        let proxy = try await proxy { $0.volume = .init(1 << 20, per: 1 << 50) }
        let count = try await proxy.client { client in
            try client.send(connect(origin.authority))
            _ = try client.readResponse(to: "CONNECT")
            var count = 0
            while let more = try? client.read(1000), !more.isEmpty { count += more.count }
            return count
        }
        #expect(count > 1 << 19 && count < 2 << 20)
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.proxy, .relay, .limit) && record.kind == .tunnel && record.status == 200)
        #expect(record.fault == "volume_limit" && record.rule == "fair share" && record.reason?.isEmpty == false)
        #expect(record.proxyStatus == "http_request_denied")
    }
}
