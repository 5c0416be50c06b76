import Apus
import ApusFlow
import ApusTesting
import Glibc
import Testing

@Suite("The access log", .timeLimit(.minutes(15)))
struct AccessLogTests {
    typealias Format = ProxyConfiguration.LogSettings.Format

    /// What a line of a format must have; `ID` and `PORT` stand for the record's.
    static let lines: [(format: Format, words: [String])] = [
        (
            .json,
            [
                #"{"time":"20"#, #""id":"ID""#, #""host":"127.0.0.1""#, #""path":"/a?b=c""#, #""status":200"#,
                #"ending":"--""#,
            ]
        ),
        (.auto, [#"{"time":"20"#, #""method":"GET""#]),
        (.short, ["GET", "127.0.0.1:PORT/a?b=c", "200"]),
        (.combined, [#"127.0.0.1 - - ["#, #""GET http://127.0.0.1:PORT/a?b=c HTTP/1.1" 200 "#]),
        (.squid, [" 127.0.0.1 ", "/200 ", " GET http://127.0.0.1:PORT/a?b=c "]),
    ]

    @Test("a line a request, in the format asked for", arguments: lines)
    func formats(format: Format, words: [String]) async throws {
        let directory = try ScratchDirectory()
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start {
            $0.log.format = format
            $0.log.file = directory.file("access.log")
        }
        _ = try await proxy.fetch(head("GET", origin.url("/a?b=c")))
        let record = try await proxy.settle()[0]
        let text = contents(of: directory.file("access.log"))
        #expect(text.hasSuffix("\n") && text.filter { $0 == "\n" }.count == 1)
        for word in words {
            let expected = word.split(separator: "ID", omittingEmptySubsequences: false).joined(
                separator: record.idText
            )
            .split(separator: "PORT", omittingEmptySubsequences: false).joined(separator: "\(origin.port)")
            #expect(text.contains(expected), "\(text)")
        }
    }

    @Test("the line of a request tells what its record tells, fast way or not") func sameFigures() async throws {
        let directory = try ScratchDirectory()
        let origin = try ScriptedOrigin.answering(ok("content"))
        let proxy = try await TestProxy.start {
            $0.log.format = .json
            $0.log.file = directory.file("access.log")
        }
        // The second path holds a byte that JSON escapes.
        try await proxy.client { client in
            for path in ["/plain", "/\"quoted\"", "/plain"] { _ = try client.exchange(head("GET", origin.url(path))) }
        }
        let records = try await proxy.settle(3)
        let lines = contents(of: directory.file("access.log")).split(separator: "\n")
        try #require(lines.count == 3)
        for (line, record) in zip(lines, records) {
            #expect(line.contains(#""id":"\#(record.idText)""#))
            for (name, value) in [
                ("bytes_from_client", record.bytes.fromClient), ("bytes_to_client", record.bytes.toClient),
                ("bytes_from_upstream", record.bytes.fromUpstream), ("bytes_to_upstream", record.bytes.toUpstream),
            ] {
                #expect(line.contains(#""\#(name)":\#(value),"#))
            }
            #expect(line.contains(#""upstream":"\#(origin.authority)","reused":\#(record.reused)"#))
        }
        #expect(lines[1].contains(#"/\"quoted\""#))
    }

    @Test(
        "values of parameters that are known to hold secrets, and odd userinfo, are in no line",
        arguments: [true, false]
    )
    func secrets(isQuick: Bool) async throws {
        let directory = try ScratchDirectory()
        let origin = try ScriptedOrigin.answering(ok("x"))
        let path = directory.file("access.log")
        var configuration = ProxyConfiguration()
        configuration.listeners = [try ListenAddress(parsing: "127.0.0.1:0")]
        configuration.threads = 1
        configuration.allowPrivate = true
        configuration.log.format = isQuick ? .json : .squid
        configuration.log.file = path
        // Without an observer, so that JSON takes its short way.
        let server = ProxyServer(configuration: configuration)
        let run = Task { try await server.run() }
        let port = try #require(try await server.addresses.first?.port)
        let targets = [
            origin.url("/a?access_token=s3cr3t&b=c"), origin.url("/plain?b=c"), "http:/u:s3cr3t@h/", "//u:s3cr3t@h/",
            "http://u:s3cr3t/@h/", "http://u:s3cr3t@o.example/", "/?token=s3cr3t", "http://u:s3cr3t s3cr3t@h/",
            "//u:s3cr3t t@h/",
        ]
        try await onOwnThread {
            for target in targets {
                let client = try RawClient(port: port)
                _ = try client.exchange("GET \(target) HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
                client.close()
            }
        }
        server.drain()
        try await run.value
        let text = contents(of: path)
        #expect(!text.contains("s3cr3t") && text.filter { $0 == "\n" }.count == targets.count, "\(text)")
        #expect(text.contains("/a?access_token=\(isQuick ? "…" : "...")&b=c") && text.contains("/plain?b=c"))
    }

    @Test(
        "which program asked, from which page, and what came, is in each line, however it is written",
        arguments: [true, false]
    )
    func heads(isQuick: Bool) async throws {
        let directory = try ScratchDirectory()
        let origin = try ScriptedOrigin.answering(ok("x", "Content-Type: text/x-test; a=b"))
        let path = directory.file("access.log")
        var configuration = try TestProxy.configuration()
        configuration.log.format = .json
        configuration.log.file = path
        configuration.log.redactQueries = !isQuick
        let server = ProxyServer(configuration: configuration)
        let run = Task { try await server.run() }
        let port = try #require(try await server.addresses.first?.port)
        // A query that is not shown makes the referer one that has to be read.
        let fields = ["User-Agent: agent/1 (x y)", "Referer: http://from.example/?page=2"]
        try await onOwnThread {
            let client = try RawClient(port: port)
            #expect(try client.exchange(head("GET", origin.url("/a"), fields[0], fields[1])).status == 200)
            client.close()
            let other = try RawClient(port: port)
            #expect(try other.exchange(head("GET", origin.url("/b"))).status == 200)
            other.close()
        }
        server.drain()
        try await run.value
        let lines = contents(of: path).split(separator: "\n")
        try #require(lines.count == 2)
        let page = isQuick ? "http://from.example/?page=2" : "http://from.example/?…"
        let told = #","user_agent":"agent/1 (x y)","referer":"\#(page)","content_type":"text/x-test; a=b","#
        #expect(lines[0].contains(told), "\(lines[0])")
        #expect(!lines[1].contains("user_agent") && !lines[1].contains("referer"), "\(lines[1])")
    }

    @Test("queries can be left out") func redacted() async throws {
        let directory = try ScratchDirectory()
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start {
            $0.log.format = .json
            $0.log.file = directory.file("access.log")
            $0.log.redactQueries = true
        }
        _ = try await proxy.fetch(head("GET", origin.url("/a?secret=1")))
        _ = try await proxy.settle()
        let text = contents(of: directory.file("access.log"))
        #expect(text.contains("/a?") && !text.contains("secret"))
    }

    @Test("after a rotation and a reopening, lines go to the new file, and none is lost") func reopens() async throws {
        let directory = try ScratchDirectory()
        let (path, old) = (directory.file("access.log"), directory.file("access.log.1"))
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start {
            $0.log.format = .json
            $0.log.file = path
        }
        _ = try await proxy.fetch(head("GET", origin.url("/before")))
        _ = await proxy.records(count: 1)
        #expect(rename(path, old) == 0)
        proxy.server.reopenLogs()
        _ = try await proxy.fetch(head("GET", origin.url("/after")))
        _ = try await proxy.settle(2)
        let (before, after) = (contents(of: old), contents(of: path))
        #expect(after.contains("/after") && !before.contains("/after"))
        #expect((before + after).filter { $0 == "\n" }.count == 2)
        #expect((before + after).contains("/before"))
    }

    @Test("a log that cannot be opened stops the start, and one that cannot be opened anew stays") func unopenable()
        async throws
    {
        await #expect(throws: StartFault.self) {
            try await TestProxy.start {
                $0.log.format = .json
                $0.log.file = "/nowhere/access.log"
            }
        }
        let directory = try ScratchDirectory()
        let origin = try ScriptedOrigin.answering(ok("x"))
        let inner = directory.file("inner")
        #expect(mkdir(inner, 0o700) == 0)
        let proxy = try await TestProxy.start {
            $0.log.format = .json
            $0.log.file = "\(inner)/access.log"
        }
        #expect(rename("\(inner)/access.log", directory.file("access.log")) == 0)
        #expect(rmdir(inner) == 0)
        proxy.server.reopenLogs()
        _ = try await proxy.fetch(head("GET", origin.url()))
        _ = try await proxy.settle()
        #expect(contents(of: directory.file("access.log")).contains(#""status":200"#))
    }
}
