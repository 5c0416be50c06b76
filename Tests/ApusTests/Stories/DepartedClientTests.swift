import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("A client that has sent FIN", .timeLimit(.minutes(1)))
struct DepartedClientTests {
    @Test("is blamed when the time for one that may have gone passes before the first byte, and the timer is named")
    func blamed() async throws {
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        let proxy = try await TestProxy.start { $0.timeouts.halfClosedClient = .milliseconds(200) }
        let response = try await proxy.client { client in
            try client.send(head("GET", origin.url()))
            client.shutdown()
            return try client.readResponse()
        }
        let record = try await proxy.settle()[0]
        #expect(response.status == 504 && record.status == 504)
        #expect(record.ending == Ending(.client, .relay, .timeout))
        #expect(record.fault == "half_closed_client_timeout" && record.proxyStatus == "connection_read_timeout")
    }

    @Test("is given no time of its own once the origin has begun to answer") func interim() async throws {
        let hasPassed = try Gate()
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 102 Processing\r\n\r\n")
            try hasPassed.wait()
            try connection.send(ok("late"))
        }
        let mute = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        let proxy = try await TestProxy.start { $0.timeouts.halfClosedClient = .milliseconds(100) }
        let text = try await proxy.client { [port = proxy.port] client in
            try client.send(head("GET", origin.url()))
            _ = try client.readHead()
            client.shutdown()
            // The time has passed when it has for one that sends FIN later.
            let other = try RawClient(port: port)
            defer { other.close() }
            try other.send(head("GET", mute.url()))
            other.shutdown()
            #expect(try other.readResponse().status == 504)
            hasPassed.open()
            return try client.readResponse().text
        }
        #expect(text == "late")
        _ = try await proxy.settle(2)
    }

    @Test("has both of two pipelined requests answered by an origin that takes its time") func pipelined() async throws
    {
        let hasLeft = try Gate()
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                try hasLeft.wait()
                try connection.send(ok(request.target))
            }
        }
        let proxy = try await TestProxy.start()
        let texts = try await proxy.client { client in
            try client.send(head("GET", origin.url("/1")) + head("GET", origin.url("/2")))
            client.shutdown()
            hasLeft.open()
            return [try client.readResponse().text, try client.readResponse().text]
        }
        #expect(texts == ["/1", "/2"])
        _ = try await proxy.settle(2)
    }

    @Test("or has not: a tunnel that nothing passes ends by the proxy's own time, and neither side is blamed")
    func idleTunnel() async throws {
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        let proxy = try await TestProxy.start { $0.timeouts.tunnelIdle = .milliseconds(200) }
        try await proxy.client { client in
            #expect(try client.exchange(connect(origin.authority), method: "CONNECT").status == 200)
            _ = try client.readToEnd()
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.proxy, .relay, .timeout) && record.fault == nil)
    }
}
