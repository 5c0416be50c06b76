import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Forwarding", .timeLimit(.minutes(15)))
struct ForwardingTests {
    @Test("a GET goes out in origin-form with a Host of its own and Via both ways") func get() async throws {
        let origin = try ScriptedOrigin.answering(ok("hello", "X-Origin: yes", "Connection: X-Hop", "X-Hop: 1"))
        let proxy = try await TestProxy.start()
        let response = try await proxy.fetch(
            head(
                "GET",
                origin.url("/a/b?c=d"),
                "Connection: X-Mine",
                "X-Mine: 1",
                "X-Kept: 2",
                "Proxy-Authorization: x"
            )
        )
        #expect(response.status == 200)
        #expect(response.text == "hello")
        #expect(response.value("x-origin") == "yes")
        #expect(response.value("x-hop") == nil)
        #expect(response.values("via").count == 1)
        let request = try #require(origin.requests.first)
        #expect(request.line == "GET /a/b?c=d HTTP/1.1")
        #expect(request.values("host") == [origin.authority])
        #expect(request.value("x-mine") == nil)
        #expect(request.value("proxy-authorization") == nil)
        #expect(request.value("x-kept") == "2")
        #expect(request.values("via").count == 1)
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete)
        #expect(record.method == "GET" && record.host == "127.0.0.1" && record.port == origin.port)
        #expect(record.path == "/a/b?c=d" && record.status == 200 && record.kind == .request)
        #expect(record.upstream == origin.authority)
        #expect(record.proxyStatus == nil && record.fault == nil)
    }

    @Test("bytes beyond ASCII in path and query go on as they came; records have them percent-encoded")
    func beyondASCII() async throws {
        let origin = try ScriptedOrigin.answering(ok("hello"))
        let proxy = try await TestProxy.start()
        let response = try await proxy.fetch(head("GET", origin.url("/caf\u{e9}?q=\u{20ac}")))
        #expect(response.status == 200)
        #expect(origin.requests.first?.line == "GET /caf\u{e9}?q=\u{20ac} HTTP/1.1")
        #expect(await proxy.records(count: 1).first?.path == "/caf%C3%A9?q=%E2%82%AC")
        let recent = await proxy.server.recent(limit: 10)
        #expect(recent.records.last?.path == "/caf%C3%A9?q=%E2%82%AC")
        _ = try await proxy.settle()
    }

    @Test("Host bears the port as the target writes it; records have one spelling of a host, and the version that came")
    func spellings() async throws {
        let origin = try ScriptedOrigin.answering(ok("hello"))
        let proxy = try await TestProxy.start()
        _ = try await proxy.fetch(head("GET", "http://127.0.0.1:0\(origin.port)/", version: "1.7"))
        #expect(origin.requests.first?.values("host") == [origin.authority])
        _ = try await proxy.fetch(head("GET", "http://[0:0:0:0:0:FFFF:127.0.0.1]:\(origin.port)/", version: "1.0"))
        #expect(origin.requests.last?.values("host") == ["[0:0:0:0:0:FFFF:127.0.0.1]:\(origin.port)"])
        let records = try await proxy.settle(2)
        #expect(records[0].httpVersion == "HTTP/1.7")
        #expect(records[1].httpVersion == "HTTP/1.0" && records[1].host == "::ffff:127.0.0.1")
    }

    @Test("a HEAD has a length and no body, and the connections go on") func headRequest() async throws {
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                try connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + (request.method == "HEAD" ? "" : "body")
                )
            }
        }
        let proxy = try await TestProxy.start()
        let (first, second) = try await proxy.client { client in
            let first = try client.exchange(head("HEAD", origin.url()), method: "HEAD")
            return (first, try client.exchange(head("GET", origin.url())))
        }
        #expect(first.value("content-length") == "4" && first.body.isEmpty)
        #expect(second.text == "body")
        #expect(origin.connectionCount == 1)
        let settled = try await proxy.settle(2)
        #expect(settled.allSatisfy { $0.ending == .complete })
    }

    @Test("a POST with a length arrives whole, wherever it is cut") func postLength() async throws {
        let origin = try ScriptedOrigin.answering(ok("got it"))
        let proxy = try await TestProxy.start()
        let body = pattern(3000)
        let request = Array(head("POST", origin.url(), "Content-Length: 3000").utf8) + body
        let cuts = [1, 20, request.count - 3000, request.count - 2999, request.count - 1]
        try await proxy.client { client in
            for cut in cuts {
                try client.send(Array(request[..<cut]))
                try client.send(Array(request[cut...]))
                #expect(try client.readResponse().text == "got it")
            }
        }
        #expect(origin.requests.map(\.body) == cuts.map { _ in body })
        for record in try await proxy.settle(cuts.count) {
            #expect(record.ending == .complete && record.bytes.fromClient == UInt64(request.count))
        }
    }

    @Test("a chunked POST goes out chunked, with its trailers") func postChunked() async throws {
        let origin = try ScriptedOrigin.answering(ok("fine"))
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            for _ in 0..<2 {
                try client.send(head("POST", origin.url(), "Transfer-Encoding: chunked", "Trailer: X-Sum"))
                try client.send("5;a=b\r\nhello\r\n6\r\n")
                try client.send(" world\r\n0\r\nX-Sum: 11\r\n")
                try client.send("\r\n")
                #expect(try client.readResponse().text == "fine")
            }
        }
        for request in origin.requests {
            #expect(request.text == "hello world")
            #expect(request.trailers == ["X-Sum: 11"])
            #expect(request.complete && request.value("content-length") == nil)
        }
        let settled = try await proxy.settle(2)
        #expect(settled.allSatisfy { $0.ending == .complete && $0.status == 200 })
    }

    @Test("a chunked response comes back chunked, with its trailers") func responseTrailers() async throws {
        let origin = try ScriptedOrigin.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 3\r\n\r\n"
        )
        let proxy = try await TestProxy.start()
        let response = try await proxy.fetch(head("GET", origin.url(), "TE: trailers"))
        #expect(response.text == "abc" && response.complete)
        #expect(response.trailers == ["X-Sum: 3"])
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test("interim responses come through to HTTP/1.1 and not to HTTP/1.0", arguments: ["1.1", "1.0"])
    func interim(version: String) async throws {
        let origin = try ScriptedOrigin.answering(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + ok("done")
        )
        let proxy = try await TestProxy.start()
        let response = try await proxy.fetch(head("GET", origin.url(), version: version))
        #expect(response.status == 200 && response.text == "done")
        let statuses = response.interim.map { $0[0].split(separator: " ")[1] }
        #expect(statuses == (version == "1.1" ? ["103", "102"] : []))
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test("a client that expects 100 is told by the origin, and only then sends") func expects() async throws {
        let origin = try ScriptedOrigin { connection in
            while let head = try connection.readHead() {
                try connection.send("HTTP/1.1 100 Continue\r\n\r\n")
                #expect(try connection.readBody(of: head).text == "late")
                try connection.send(ok("thanks"))
            }
        }
        let proxy = try await TestProxy.start()
        let response = try await proxy.client { client in
            try client.send(head("POST", origin.url(), "Content-Length: 4", "Expect: 100-continue"))
            #expect(try client.readHead()[0].contains(" 100 "))
            return try client.exchange("late")
        }
        #expect(response.text == "thanks")
        #expect(origin.failures.isEmpty)
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test("a response that has no body by its status leaves both connections usable", arguments: [204, 304])
    func bodiless(status: Int) async throws {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 \(status) X\r\nETag: \"a\"\r\n\r\n")
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            for _ in 0..<2 {
                let response = try client.exchange(head("GET", origin.url()))
                #expect(response.status == status && response.value("etag") == "\"a\"")
            }
        }
        #expect(origin.connectionCount == 1)
        let settled = try await proxy.settle(2)
        #expect(settled.allSatisfy { $0.ending == .complete })
    }

    @Test("a body that ends with the origin's connection ends with the client's") func closeDelimited() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\n\r\n")
            try connection.send(pattern(100_000))
        }
        let proxy = try await TestProxy.start()
        let (response, all) = try await proxy.client { client in
            (try client.exchange(head("GET", origin.url())), client.received.count)
        }
        #expect(response.complete && !response.wasReset)
        #expect(response.body == pattern(100_000))
        #expect(response.value("connection")?.lowercased() == "close")
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete)
        #expect(record.bytes.toClient == UInt64(all))
        #expect(record.bytes.fromUpstream == 100_019)
    }

    @Test("an HTTP/1.0 client gets a chunked response without the coding, until the end") func client10() async throws {
        let origin = try ScriptedOrigin.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nX: y\r\n\r\n"
        )
        let proxy = try await TestProxy.start()
        let response = try await proxy.fetch(head("GET", origin.url(), version: "1.0"))
        #expect(response.value("transfer-encoding") == nil)
        #expect(response.text == "abcde" && response.complete)
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete && record.httpVersion == "HTTP/1.0")
        #expect(origin.requests.first?.line.hasSuffix("HTTP/1.1") == true)
    }

    @Test("an HTTP/1.0 origin's connection is not used again, the client's is") func origin10() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold")
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            for _ in 0..<2 {
                let text = try client.exchange(head("GET", origin.url())).text
                #expect(text == "old")
            }
        }
        #expect(origin.connectionCount == 2)
        let settled = try await proxy.settle(2)
        #expect(settled.allSatisfy { $0.ending == .complete && !$0.reused })
    }

    @Test("a client that asks for the close gets it, the origin's connection lives on") func clientCloses() async throws
    {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start()
        for _ in 0..<2 {
            try await proxy.client { client in
                let text = try client.exchange(head("GET", origin.url(), "Connection: close")).text
                #expect(text == "x")
                #expect(client.isClosed())
            }
        }
        #expect(origin.connectionCount == 1)
        let settled = try await proxy.settle(2)
        #expect(settled.map(\.reused) == [false, true])
    }

    @Test("a response keeps its place when the origin sends it byte by byte") func byteByByte() async throws {
        let origin = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil {
                for byte in ok("slow but sure").utf8 { try connection.send([byte]) }
            }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            for _ in 0..<2 {
                let text = try client.exchange(head("GET", origin.url())).text
                #expect(text == "slow but sure")
            }
        }
        let settled = try await proxy.settle(2)
        #expect(settled.allSatisfy { $0.ending == .complete })
    }
}
