import ApusFlow
import ApusTesting
import Glibc
import Testing

@testable import Apus

@Suite("Where the access log goes", .timeLimit(.minutes(15)))
struct LogSinkTests {
    /// A server without an observer: it writes the usual lines without a record.
    private func serve(
        logger words: ToldWords = ToldWords(),
        _ change: (inout ProxyConfiguration) -> Void,
        _ body: @Sendable (ProxyServer, UInt16) async throws -> Void
    ) async throws {
        var configuration = try TestProxy.configuration()
        configuration.log = ProxyConfiguration().log
        configuration.log.format = .auto
        change(&configuration)
        let server = ProxyServer(configuration: configuration, logger: words.logger)
        let run = Task { try await server.run() }
        let port = try await server.addresses.first?.port ?? 0
        do {
            try await body(server, port)
        } catch {
            server.stop()
            throw error
        }
        server.stop()
        try await run.value
    }

    private func fetch(_ port: UInt16, _ heads: [String]) async throws {
        try await onOwnThread {
            let client = try RawClient(port: port)
            defer { client.close() }
            for head in heads { _ = try client.exchange(head) }
        }
    }

    @Test("syslog gets a message a request, usual or not, in RFC 5424", arguments: [true, false])
    func syslog(byUDP: Bool) async throws {
        let collector = try byUDP ? Collector.udp() : Collector.local()
        let origin = try ScriptedOrigin.answering(ok("x"))
        let sink: ProxyConfiguration.LogSettings.Sink =
            byUDP
            ? .syslogUDP(try ListenAddress(parsing: "127.0.0.1:\(collector.name)")) : .syslog(socket: collector.name)
        try await serve {
            $0.log.sink = sink
        } _: { _, port in
            // The second path holds a byte that JSON escapes, the third destination is refused.
            let urls = [origin.url("/plain"), origin.url("/\"quoted\""), "http://0.0.0.0/refused"]
            try await fetch(port, urls.map { head("GET", $0) })
        }
        let header = #/<(\d+)>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z \S+ apus (\d+) access - (\{.*\})/#
        for (path, priority) in [("/plain", "134"), (#"/\"quoted\""#, "134"), ("/refused", "132")] {
            let message = try collector.next()
            let match = try #require(message.wholeMatch(of: header), "\(message)")
            #expect(match.1 == priority)
            #expect(match.2 == "\(getpid())")
            #expect(match.3.contains(#""path":"\#(path)""#), "\(message)")
        }
    }

    @Test("other formats go to syslog too, and the facility is as set") func facility() async throws {
        let collector = try Collector.local()
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start {
            $0.log.sink = .syslog(socket: collector.name)
            $0.log.facility = .daemon
            $0.log.format = .combined
        }
        _ = try await proxy.fetch(head("GET", origin.url("/a")))
        let message = try collector.next()
        #expect(message.hasPrefix("<30>1 "))
        #expect(message.hasSuffix(#" "-" "-""#) && message.contains(" access - 127.0.0.1 - - ["))
    }

    @Test("the journal gets the line for people and the record's fields") func journald() async throws {
        let collector = try Collector.local()
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start {
            $0.log.sink = .journald(socket: collector.name)
            $0.log.format = .auto
        }
        _ = try await proxy.fetch(head("GET", origin.url("/a?b")))
        _ = try await proxy.fetch(head("GET", "http://0.0.0.0/"))
        let records = try await proxy.settle(2)
        let first = try collector.next().split(separator: "\n").map(String.init)
        #expect(first.first { $0.hasPrefix("MESSAGE=") }?.contains(" 200 GET \(origin.url("/a?b")) ") == true)
        for field in [
            "PRIORITY=6", "SYSLOG_IDENTIFIER=apus", "APUS_ID=\(records[0].idText)", "APUS_STATUS=200", "APUS_PATH=/a?b",
            "APUS_CLIENT=127.0.0.1", "APUS_HOST=127.0.0.1",
        ] {
            #expect(first.contains(field), "\(field)")
        }
        let second = try collector.next().split(separator: "\n").map(String.init)
        #expect(second.contains("PRIORITY=4") && second.contains("APUS_FAULT=\(records[1].fault ?? "")"))
    }

    @Test("a log that nobody reads slows no request; its lines are counted, and the logger is told once")
    func stuck() async throws {
        let directory = try ScratchDirectory()
        let path = directory.file("access.log")
        #expect(mkfifo(path, 0o600) == 0)
        let origin = try ScriptedOrigin.answering(ok("x"))
        let words = ToldWords()
        try await serve(logger: words) {
            $0.log.file = path
            $0.log.buffer = 128 << 10
        } _: { server, port in
            let url = origin.url("/" + String(repeating: "x", count: 1000))
            // Nearly a megabyte of lines; the pipe, a batch and what may wait are less than half of that.
            try await fetch(port, Array(repeating: head("GET", url), count: 800))
            let dropped = try #require(server.life.shared?.access?.dropped)
            #expect(dropped > 100)
        }
        let told = words.words.filter { $0.contains("dropped") }
        #expect(told.count == 2 && told[0].contains("\(path), which takes them too slowly"))
        #expect(told.last?.contains("took them too slowly") == true)
    }

    @Test("a daemon that is not there slows no request either, and its lines are counted") func away() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let words = ToldWords()
        try await serve(logger: words) {
            $0.log.sink = .syslog(socket: "/nonexistent/log")
        } _: { _, port in
            try await fetch(port, Array(repeating: head("GET", origin.url()), count: 20))
        }
        #expect(words.words.contains { $0.contains("syslog at /nonexistent/log: No such file or directory") })
        #expect(words.words.last?.contains("20 access lines were dropped") == true)
    }

    @Test("a file is put aside when it has grown, and no line is lost") func rotates() async throws {
        let directory = try ScratchDirectory()
        let path = directory.file("access.log")
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start {
            $0.log.format = .json
            $0.log.file = path
            $0.log.rotateSize = 4096
            $0.log.rotateKeep = 1
        }
        let heads = (0..<12).map { head("GET", origin.url("/\($0)")) }
        try await proxy.client { client in for head in heads { _ = try client.exchange(head) } }
        _ = try await proxy.settle(12)
        let (old, new) = (contents(of: path + ".1"), contents(of: path))
        #expect(old.utf8.count > 2048 && old.utf8.count <= 4096 && old.hasSuffix("}\n"))
        #expect((old + new).filter { $0 == "\n" }.count == 12)
    }
}
