import ApusFlow
import ApusTesting
import Testing

@testable import Apus

/// The proxy's loop with seals at its sockets: what it does, answers and counts is what it does without.
@Suite(.timeLimit(.minutes(10))) struct SealedEndsTests {
    struct Ends: CustomTestStringConvertible, Sendable {
        let clients: Bool
        let origins: Bool
        var testDescription: String { clients ? (origins ? "both" : "clients") : (origins ? "origins" : "none") }

        static let none = Ends(clients: false, origins: false)
        static let sealed = [
            Ends(clients: true, origins: false), Ends(clients: false, origins: true),
            Ends(clients: true, origins: true),
        ]
    }

    /// What a conversation came to: what the client read, what the origin read, what the records count.
    struct Outcome: Equatable, Sendable {
        var client: [[UInt8]] = []
        var origin: [[UInt8]] = []
        var bytes: [ByteCounts] = []
        var endings: [Ending] = []
    }

    static func bytes(_ count: Int, _ factor: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* factor >> 3) }
    }

    /// Compares by length first: nobody reads half a million numbers.
    private func expectSame(_ one: [[UInt8]], _ other: [[UInt8]], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(one.map(\.count) == other.map(\.count), sourceLocation: sourceLocation)
        let isSame = one == other
        #expect(isSame, sourceLocation: sourceLocation)
    }

    /// Holds a conversation through a proxy with these ends.
    private func hold(
        _ ends: Ends,
        origin: ScriptedOrigin,
        records count: Int,
        _ talk: @escaping @Sendable (RawClient, UInt16) throws -> [[UInt8]]
    ) async throws -> Outcome {
        let proxy = try SealedProxy(clients: ends.clients, origins: ends.origins)
        let behind = ends.origins ? try SealWire(.origin, to: origin.port) : nil
        let before = ends.clients ? try SealWire(.client, to: proxy.port) : nil
        let target = behind?.port ?? origin.port
        let port = before?.port ?? proxy.port
        var outcome = Outcome()
        outcome.client = try await onOwnThread {
            let client = try RawClient(port: port)
            defer { client.close() }
            return try talk(client, target)
        }
        for await record in proxy.records {
            outcome.bytes.append(record.bytes)
            outcome.endings.append(record.ending)
            if outcome.bytes.count == count { break }
        }
        outcome.origin = origin.requests.map(\.body)
        withExtendedLifetime((proxy, behind, before)) {}
        return outcome
    }

    @Test(
        "requests on one connection, bodies of both kinds and both ways: the same bytes and the same counts",
        arguments: Ends.sealed
    )
    func requests(ends: Ends) async throws {
        let down = SealedEndsTests.bytes(700_000, 7)
        let up = SealedEndsTests.bytes(400_000, 11)
        func run(_ ends: Ends) async throws -> Outcome {
            let origin = try ScriptedOrigin { connection in
                while let request = try connection.readRequest() {
                    if request.body.isEmpty {
                        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(down.count)\r\n\r\n")
                        try connection.send(down)
                    } else {
                        try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
                        try connection.send("6\r\nsecond\r\n0\r\n\r\n")
                    }
                }
            }
            return try await hold(ends, origin: origin, records: 3) { client, target in
                let head = "Host: 127.0.0.1:\(target)\r\n"
                var read: [[UInt8]] = []
                try client.send("GET http://127.0.0.1:\(target)/down HTTP/1.1\r\n\(head)\r\n")
                read.append(try client.readResponse().body)
                try client.send(
                    "POST http://127.0.0.1:\(target)/up HTTP/1.1\r\n\(head)Content-Length: \(up.count)\r\n\r\n"
                )
                try client.send(up)
                read.append(try client.readResponse().body)
                try client.send(
                    "POST http://127.0.0.1:\(target)/up HTTP/1.1\r\n\(head)Transfer-Encoding: chunked\r\n\r\n"
                )
                try client.send("3\r\none\r\n")
                try client.send("3\r\ntwo\r\n0\r\n\r\n")
                read.append(try client.readResponse().body)
                return read
            }
        }
        let plain = try await run(.none)
        let sealed = try await run(ends)
        let answer = Array("firstsecond".utf8)
        expectSame(plain.client, [down, answer, answer])
        expectSame(plain.origin, [[], up, Array("onetwo".utf8)])
        expectSame(sealed.client, plain.client)
        expectSame(sealed.origin, plain.origin)
        #expect(sealed.bytes == plain.bytes)
        #expect(sealed.endings == plain.endings)
    }

    @Test("a tunnel, half closed by its client: the same bytes and the same counts", arguments: Ends.sealed)
    func tunnel(ends: Ends) async throws {
        let up = SealedEndsTests.bytes(300_000, 13)
        let down = SealedEndsTests.bytes(500_000, 5)
        func run(_ ends: Ends) async throws -> Outcome {
            let heard = Box<[UInt8]>([])
            let origin = try ScriptedOrigin { connection in
                heard.set(try connection.readToEnd())
                try connection.send(down)
            }
            var outcome = try await hold(ends, origin: origin, records: 1) { client, target in
                try client.send("CONNECT 127.0.0.1:\(target) HTTP/1.1\r\nHost: 127.0.0.1:\(target)\r\n\r\n")
                let status = try client.readResponse(to: "CONNECT").status
                try client.send(up)
                client.shutdown()
                return [Array("\(status)".utf8), try client.readToEnd()]
            }
            outcome.origin = [heard.value]
            return outcome
        }
        let plain = try await run(.none)
        let sealed = try await run(ends)
        expectSame(plain.client, [Array("200".utf8), down])
        expectSame(plain.origin, [up])
        expectSame(sealed.client, plain.client)
        expectSame(sealed.origin, plain.origin)
        #expect(sealed.bytes == plain.bytes)
        #expect(sealed.endings == plain.endings)
    }
}
