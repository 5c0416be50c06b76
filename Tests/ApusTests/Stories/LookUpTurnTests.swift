import ApusFlow
import ApusTesting
import Dispatch
import Testing

@testable import Apus

/// A resolver some of whose names have silent servers: their look-ups block until the test is over.
private final class Silence: Sendable {
    private let over = DispatchSemaphore(value: 0)
    private let begun = Box<[String]>([])
    private let began: AsyncStream<Void>
    private let begin: AsyncStream<Void>.Continuation

    init() { (began, begin) = AsyncStream.makeStream() }

    /// The names whose look-ups have begun, in their order.
    var names: [String] { begun.value }

    func lookUp(_ name: String) -> [String] {
        begun.change { $0.append(name) }
        if name.hasPrefix("silent") {
            begin.yield()
            over.wait()
        }
        return ["127.0.0.1"]
    }

    /// Waits until so many more look-ups of silent names have begun.
    func silent(_ count: Int) async {
        var left = count
        for await _ in began {
            left -= 1
            if left == 0 { return }
        }
    }

    func end() { for _ in 0..<1_000 { over.signal() } }
}

@Suite("Look-ups of several clients", .timeLimit(.minutes(2)))
struct LookUpTurnTests {
    private func ask(_ proxy: TestProxy, _ name: String, _ port: UInt16, from source: String) throws -> PlainSocket {
        let socket = try PlainSocket.connected(to: "127.0.0.1", port: proxy.port, from: source)
        try socket.send(head("GET", "http://\(name):\(port)/", "Connection: close"))
        return socket
    }

    @Test("a client's silent names do not stop another's look-ups, and no more than its share of them is under way")
    func others() async throws {
        let origin = try ScriptedOrigin.answering(ok("reached"))
        let silence = Silence()
        defer { silence.end() }
        let proxy = try await TestProxy.start(lookUp: silence.lookUp) { $0.timeouts.lookUp = .seconds(100) }
        let stuck = try (0..<10).map {
            try ask(proxy, "silent\($0).example", origin.port, from: "127.0.0.1")
        }
        await silence.silent(4)
        for number in 0..<10 {
            let honest = try ask(proxy, "honest\(number).example", origin.port, from: "127.0.0.2")
            let answer = try await onOwnThread { try honest.read(until: "reached") }
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
        #expect(silence.names.count { $0.hasPrefix("silent") } == 4)
        // A name that waits behind the silent ones of one client is not lost for another.
        let same = try ask(proxy, "silent9.example", origin.port, from: "127.0.0.3")
        await silence.silent(1)
        #expect(silence.names.contains("silent9.example"))
        withExtendedLifetime((stuck, same)) {}
        await proxy.stop()
    }

    @Test("how many look-ups a client has under way is a setting", arguments: [(1, 1), (0, 6)])
    func share(_ bound: Int, _ underWay: Int) async throws {
        let silence = Silence()
        defer { silence.end() }
        let proxy = try await TestProxy.start(lookUp: silence.lookUp) {
            $0.timeouts.lookUp = .seconds(100)
            $0.names.perClient = bound
        }
        let stuck = try (0..<6).map { try ask(proxy, "silent\($0).example", 80, from: "127.0.0.1") }
        await silence.silent(underWay)
        let honest = try ask(proxy, "honest.example", 1, from: "127.0.0.2")
        let answer = try await onOwnThread { try honest.read(until: "\r\n\r\n") }
        #expect(answer.hasPrefix("HTTP/1.1 502"))
        #expect(silence.names.count { $0.hasPrefix("silent") } == underWay)
        withExtendedLifetime(stuck) {}
        await proxy.stop()
    }

    @Test("a name that has timed out is refused at once while it is remembered, and its call stays the only one")
    func remembered() async throws {
        let silence = Silence()
        defer { silence.end() }
        let proxy = try await TestProxy.start(lookUp: silence.lookUp) {
            $0.timeouts.lookUp = .milliseconds(300)
            $0.names.negative = .seconds(3_600)
        }
        for _ in 0..<3 {
            let response = try await proxy.fetch(head("GET", "http://silent.example/"))
            #expect(response.status == 504)
            #expect(response.value("proxy-status")?.contains("error=dns_timeout") == true)
        }
        _ = await proxy.records(count: 3)
        let traffic = await proxy.server.traffic()
        #expect(traffic.counters.lookUps == 1 && traffic.counters.cachedNames == 2)
        #expect(silence.names == ["silent.example"])
        await proxy.stop()
    }

    @Test("a name that timed out because it waited for its client's turn is not held against anybody")
    func waitedOnly() async throws {
        let origin = try ScriptedOrigin.answering(ok("reached"))
        let silence = Silence()
        defer { silence.end() }
        let proxy = try await TestProxy.start(lookUp: silence.lookUp) {
            $0.timeouts.lookUp = .seconds(1)
            $0.names.negative = .seconds(3_600)
            $0.names.perClient = 1
        }
        let stuck = try ask(proxy, "silent.example", 80, from: "127.0.0.1")
        await silence.silent(1)
        let behind = try ask(proxy, "honest.example", origin.port, from: "127.0.0.1")
        let refused = try await onOwnThread { try behind.read(until: "\r\n\r\n") }
        #expect(refused.hasPrefix("HTTP/1.1 504"))
        // However long that takes on this machine: it is never remembered.
        while true {
            let other = try ask(proxy, "honest.example", origin.port, from: "127.0.0.2")
            let answer = try await onOwnThread { try other.read(until: "\r\n\r\n") }
            if answer.hasPrefix("HTTP/1.1 200") { break }
        }
        withExtendedLifetime(stuck) {}
        await proxy.stop()
    }
}
