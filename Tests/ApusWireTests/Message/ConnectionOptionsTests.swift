import Testing

@testable import ApusWire

@Suite struct ConnectionOptionsTests {
    private func options(_ lines: String...) -> ConnectionOptions {
        var options = ConnectionOptions()
        for line in lines {
            let bytes = Array(line.utf8)
            options.add(bytes.span, ByteRange(0, bytes.count))
        }
        return options
    }

    @Test("options are known in every case, anywhere in a list and in any line")
    func known() {
        #expect(options("close").close)
        #expect(options("x, CLOSE ,y").close)
        #expect(options("a", ",,close").close)
        #expect(options("Keep-Alive").keepAlive)
        #expect(options("upgrade, keep-alive").upgrade)
        for value in ["", ",", "closed", "clos", "close;x", "\"close\"", "c lose", "xclose", "close x"] {
            #expect(!options(value).close, "\(value)")
        }
    }

    @Test("what is dropped anyway need not be looked for")
    func nominates() {
        for value in [
            "", "close", "keep-alive", "TE, Upgrade, HTTP2-Settings", "Proxy-Connection", "Proxy-Authorization",
            "connection, proxy-authenticate, proxy-authentication-info",
        ] {
            #expect(!options(value).nominates, "\(value)")
        }
        for value in ["x", "close, x", "Trailer", "Expect", "xroxy-authorization", "Max-Forwards", "t", "tee", "Date"] {
            #expect(options(value).nominates, "\(value)")
            #expect(!options(value).namesProtected, "\(value)")
        }
    }

    @Test("fields that frame, route or authenticate are protected, whether they are there or not")
    func protected() {
        for name in ["Host", "Content-Length", "Transfer-Encoding", "Cookie", "Authorization", "Via"] {
            for value in [name, name.uppercased(), "close, \(name.lowercased()) ,"] {
                #expect(options(value).namesProtected, "\(value)")
                #expect(options(value).nominates, "\(value)")
            }
            #expect(!options("x" + name).namesProtected)
            #expect(!options(name + "x").namesProtected)
        }
        #expect(!options("xransfer-encoding").namesProtected)
    }

    @Test("more elements than anybody needs are refused where each would be compared with each field")
    func excessive() {
        let many = String(repeating: "a,", count: 63)
        #expect(!options(many).isExcessive)
        #expect(options(many, "b").isExcessive)
        #expect(options("b", String(repeating: ",", count: 64)).isExcessive)
        #expect(!options(String(repeating: "close,", count: 100)).isExcessive)
        let fields = "Host: h\r\nConnection: \(String(repeating: "a,", count: 100))\r\n\r\n"
        #expect(RequestReading("GET http://h/ HTTP/1.1\r\n\(fields)").fault == .tooManyFields)
        #expect(ResponseReading("HTTP/1.1 200 OK\r\n\(fields)").fault == .tooManyFields)
    }

    @Test("a field is named in any line and any case, but not by a part of a name")
    func names() {
        let bytes = Array(
            "GET http://h/ HTTP/1.1\r\nHost: h\r\nConnection: a, X-B\r\nX-b: 1\r\nX-Bc: 2\r\nX: 3\r\nA: 4\r\nB: 5\r\nconnection:\tb\r\n\r\n"
                .utf8
        )
        let reading = RequestReading(bytes)
        let kept = text(reading.rewritten ?? [])
        #expect(kept == "GET / HTTP/1.1\r\nHost: h\r\nX-Bc: 2\r\nX: 3\r\nVia: 1.1 \(pseudonym)\r\n\r\n")
    }
}
