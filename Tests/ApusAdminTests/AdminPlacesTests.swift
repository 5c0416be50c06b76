import Apus
import ApusAdmin
import ApusTesting
import Foundation
import Logging
import Synchronization
import Testing

@Suite("Strangers at the admin listener", .timeLimit(.minutes(2)))
struct AdminPlacesTests {
    /// A proxy, which is ready as long as it is held, and its admin listener.
    private func start(_ listen: AdminAddress) async throws -> (AdminServer, Task<Void, any Error>, TestProxy) {
        let proxy = try await TestProxy.start { $0.admin.listen = listen }
        let admin = AdminServer(
            for: proxy.server,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return (admin, Task.detached { try await admin.run() }, proxy)
    }

    private func start() async throws -> (port: UInt16, run: Task<Void, any Error>, proxy: TestProxy) {
        let (admin, run, proxy) = try await start(AdminAddress(parsing: "127.0.0.1:0"))
        guard case .address(let address) = try await admin.address else { throw CancellationError() }
        return (address.port, run, proxy)
    }

    private static func ask(_ port: UInt16, _ target: String, _ fields: String...) throws -> RawResponse {
        let client = try RawClient(port: port)
        defer { client.close() }
        try client.send((["GET \(target) HTTP/1.1"] + fields).joined(separator: "\r\n") + "\r\n\r\n")
        return try client.readResponse()
    }

    @Test("who is idle gives way: 300 that never ask anything keep nobody out") func idle() async throws {
        let (port, run, proxy) = try await start()
        try await onOwnThread {
            let strangers = try (0..<300).map { number in
                let client = try RawClient(port: port)
                if number % 2 == 0 { try client.send("GET /metrics HT") }
                return client
            }
            for path in ["/readyz", "/metrics"] {
                #expect(try Self.ask(port, path, "Host: localhost").status == 200)
            }
            // The longest idle ones have gone.
            #expect(strangers[..<100].allSatisfy { $0.isClosed() })
            for client in strangers { client.close() }
        }
        run.cancel()
        await proxy.stop()
    }

    @Test("a first head takes seconds, not the time of an idle connection", arguments: ["", "GET / HTTP/1.1\r\nHost:"])
    func slow(text: String) async throws {
        let (port, run, proxy) = try await start()
        try await onOwnThread {
            let client = try RawClient(port: port)
            try client.send(text)
            #expect(client.isClosed(within: .seconds(25)))
            client.close()
        }
        run.cancel()
        await proxy.stop()
    }

    @Test("where all places of an address are at work, health is answered") func health() async throws {
        let (port, run, proxy) = try await start()
        try await onOwnThread {
            let streams = try (0..<64).map { _ in
                let client = try RawClient(port: port)
                try client.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try client.readHead().first == "HTTP/1.1 200 OK")
                return client
            }
            for _ in 0..<20 {
                #expect(try Self.ask(port, "/readyz", "Host: localhost").status == 200)
                #expect(try Self.ask(port, "http://localhost/healthz", "Host: localhost").status == 200)
                let refused = try Self.ask(port, "/metrics", "Host: localhost")
                #expect(refused.status == 503 && refused.text.contains("/readyz"))
            }
            streams[0].close()
            // Once its end is seen there is a place again.
            var status = 503
            while status == 503 { status = try Self.ask(port, "/metrics", "Host: localhost").status }
            #expect(status == 200)
            for client in streams { client.close() }
        }
        run.cancel()
        await proxy.stop()
    }

    @Test("the authority of an absolute form is the host, and a second Host is none") func hosts() async throws {
        let (port, run, proxy) = try await start()
        try await onOwnThread {
            for (target, fields, status) in [
                ("/healthz", ["Host: localhost", "Host: localhost"], 400),
                ("/healthz", ["Host: localhost", "host: evil.example"], 400),
                ("http://localhost/healthz", ["Host: localhost", "Host: localhost"], 400),
                ("/healthz", ["X: y"], 400), ("http://localhost/healthz", ["X: y"], 400),
                ("http://evil.example/healthz", ["Host: localhost"], 421),
                ("http://localhost@evil.example/healthz", ["Host: localhost"], 421),
                ("http://localhost:\(port)/healthz", ["Host: evil.example"], 200),
                ("http://127.0.0.1/readyz?a=b", ["Host: 127.0.0.1"], 200), ("/healthz", ["Host: evil.example"], 421),
            ] as [(String, [String], Int)] {
                let client = try RawClient(port: port)
                defer { client.close() }
                try client.send((["GET \(target) HTTP/1.1"] + fields).joined(separator: "\r\n") + "\r\n\r\n")
                #expect(try client.readResponse().status == status, "\(target) \(fields)")
            }
        }
        run.cancel()
        await proxy.stop()
    }

    private final class Watch: Sendable {
        let isOver = Atomic<Bool>(false)
    }

    private struct Place {
        let folder: URL
        let socket: String

        init() throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                "apus-\(UUID().uuidString.prefix(8))"
            )
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            socket = folder.appendingPathComponent("admin.sock").path
        }

        var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }
        func remove() { try? FileManager.default.removeItem(at: folder) }
    }

    @Test("a UNIX socket is nowhere to be seen before it has its mode, and one that was left behind gives way")
    func mode() async throws {
        let place = try Place()
        defer { place.remove() }
        for _ in 0..<2 {
            let watch = Watch()
            let path = place.socket
            let watching = Task {
                try await onOwnThread {
                    while !watch.isOver.load(ordering: .acquiring) {
                        let facts = try? FileManager.default.attributesOfItem(atPath: path)
                        guard let mode = facts?[.posixPermissions] as? Int else { continue }
                        #expect(mode == 0o600)
                    }
                }
            }
            let (admin, run, proxy) = try await start(.socket(path: path))
            #expect(try await admin.address == .socket(path: path))
            watch.isOver.store(true, ordering: .releasing)
            try await watching.value
            #expect(place.files == ["admin.sock"])
            run.cancel()
            _ = await run.result
            await proxy.stop()
            #expect(place.files == ["admin.sock"])
        }
    }

    @Test("a file that is no socket stays where it is") func file() async throws {
        let place = try Place()
        defer { place.remove() }
        try Data("kept".utf8).write(to: URL(fileURLWithPath: place.socket))
        let (admin, run, proxy) = try await start(.socket(path: place.socket))
        let fault = AdminFault.cannotListen(.socket(path: place.socket), reason: "a file that is no socket is there")
        await #expect(throws: fault) { try await admin.address }
        _ = await run.result
        await proxy.stop()
        #expect(place.files == ["admin.sock"])
        #expect(try String(contentsOfFile: place.socket, encoding: .utf8) == "kept")
    }
}
