import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Chains and loops", .timeLimit(.minutes(15)))
struct LoopTests {
    @Test("a request goes through two proxies, and each is in Via") func chain() async throws {
        let origin = try ScriptedOrigin.answering(ok("far"))
        let second = try await TestProxy.start()
        let first = try await TestProxy.start(policy: { [port = second.port] _ in
            .route(to: .address(host: "127.0.0.1", port: port))
        }) { _ in }
        // The second one is an origin to the first, so it is asked in absolute-form by a tunnel through the first one.
        let response = try await first.client { client in
            try client.send(connect("any.example:443"))
            _ = try client.readResponse(to: "CONNECT")
            return try client.exchange(head("GET", origin.url()))
        }
        #expect(response.text == "far")
        #expect(origin.requests[0].values("via").count == 1)
        let records = try await first.settle()
        #expect(records[0].host == "any.example" && records[0].port == 443)
        #expect(records[0].upstream == "127.0.0.1:\(second.port)")
        #expect(try await second.settle()[0].ending == .complete)
    }

    @Test("a request that comes back by another way is a loop") func loop() async throws {
        let proxy = try await TestProxy.start { $0.viaPseudonym = "me" }
        let response = try await proxy.fetch(head("GET", "http://127.0.0.1:1/", "Via: 1.1 other, 1.1 me"))
        #expect(response.status == 502)
        #expect(response.value("proxy-status")?.contains("proxy_loop_detected") == true)
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.proxy, .decide, .refused) && record.proxyStatus == "proxy_loop_detected")
    }

    @Test("two servers do not take each other for themselves") func pseudonyms() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let first = try await TestProxy.start()
        _ = try await first.fetch(head("GET", origin.url()))
        let via = try #require(origin.requests[0].value("via"))
        let second = try await TestProxy.start()
        let (other, own) = try await (
            second.fetch(head("GET", origin.url(), "Via: \(via)")),
            first.fetch(head("GET", origin.url(), "Via: \(via)"))
        )
        #expect(other.status == 200 && own.status == 502)
        _ = try await (first.settle(2), second.settle())
    }

    @Test("a loop of two proxies by way of their policies ends where it began") func loopOfTwo() async throws {
        // An origin that sends on what it gets, as a proxy does that is addressed as one.
        let ports = Ports()
        let back = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                let next = try RawClient(port: ports.first)
                try next.send(
                    (["GET http://loop.example/ HTTP/1.1", "Host: loop.example"]
                        + request.values("via").map { "Via: \($0)" }).joined(separator: "\r\n") + "\r\n\r\n"
                )
                let answer = try next.readResponse()
                try connection.send("HTTP/1.1 \(answer.status) X\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let second = try await TestProxy.start(policy: { _ in .route(to: .address(host: "127.0.0.1", port: back.port)) }
        ) {
            _ in
        }
        let between = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                let next = try RawClient(port: ports.second)
                try next.send(
                    (["GET http://loop.example/ HTTP/1.1", "Host: loop.example"]
                        + request.values("via").map { "Via: \($0)" }).joined(separator: "\r\n") + "\r\n\r\n"
                )
                let answer = try next.readResponse()
                try connection.send("HTTP/1.1 \(answer.status) X\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let first = try await TestProxy.start(policy: { _ in .route(to: .address(host: "127.0.0.1", port: between.port))
        }) {
            _ in
        }
        ports.set(first.port, second.port)
        #expect(try await first.fetch(head("GET", "http://loop.example/")).status == 502)
        let records = try await first.settle(2)
        #expect(records.map(\.proxyStatus) == ["proxy_loop_detected", nil])
        #expect(try await second.settle()[0].status == 502)
    }

    @Test(
        "its own listener is no destination, whatever is allowed",
        arguments: ["127.0.0.1", "0.0.0.0", "own.example", "localhost.example"]
    )
    func ownListener(host: String) async throws {
        // As `localhost`, one name has an address where nobody listens.
        let lookUp = { @Sendable (name: String) in name == "own.example" ? ["127.0.0.1"] : ["::1", "127.0.0.1"] }
        let proxy = try await TestProxy.start(lookUp: lookUp) { $0.allowTo = ["0.0.0.0/0", "::1/128"] }
        let (request, tunnel) = try await (
            proxy.fetch(head("GET", "http://\(host):\(proxy.port)/")),
            proxy.fetch(connect("\(host):\(proxy.port)"), method: "CONNECT")
        )
        for response in [request, tunnel] {
            #expect(response.status == 403)
            #expect(response.value("proxy-status")?.contains("destination_ip_prohibited") == true)
        }
        let settled = try await proxy.settle(2)
        #expect(settled.map(\.ending) == [Ending(.proxy, .decide, .refused), Ending(.proxy, .decide, .refused)])
    }

    @Test("Max-Forwards at 0 ends a TRACE and an OPTIONS here, without credentials") func lastHop() async throws {
        let proxy = try await TestProxy.start()
        let trace = try await proxy.fetch(
            head(
                "TRACE",
                "http://o.example/",
                "Max-Forwards: 0",
                "X-Kept: 1",
                "Cookie: secret",
                "Authorization: secret"
            )
        )
        #expect(trace.status == 200 && trace.value("content-type") == "message/http")
        #expect(trace.text.contains("X-Kept: 1") && !trace.text.contains("secret"))
        let options = try await proxy.fetch(head("OPTIONS", "http://o.example/", "Max-Forwards: 0"))
        #expect(options.status == 200 && options.value("allow") != nil)
        let settled = try await proxy.settle(2)
        #expect(settled.allSatisfy { $0.ending == .complete && $0.upstream == nil })
    }

    @Test("Max-Forwards goes down by one on TRACE and OPTIONS only") func counted() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start()
        for method in ["TRACE", "OPTIONS", "GET"] {
            _ = try await proxy.fetch(head(method, origin.url(), "Max-Forwards: 7"))
        }
        #expect(origin.requests.map { $0.value("max-forwards") } == ["6", "6", "7"])
        _ = try await proxy.settle(3)
    }
}

private final class Ports: Sendable {
    private let box = Box((UInt16(0), UInt16(0)))
    var first: UInt16 { box.value.0 }
    var second: UInt16 { box.value.1 }
    func set(_ first: UInt16, _ second: UInt16) { box.set((first, second)) }
}
