import Testing

@testable import ApusWire

@Suite struct ForbiddenTrailerTests {
    private func matches(_ line: String) -> Bool {
        let bytes = Array("Host: x\r\n\(line)\r\nHost: x\r\n".utf8)
        return ForbiddenTrailer.matches(bytes.span, from: 9, to: bytes.count - 9)
    }

    @Test("what frames, routes, authenticates or tells how to read a message is forbidden, in any case")
    func forbidden() {
        for name in [
            "Content-Length", "Transfer-Encoding", "Connection", "Host", "Via", "TE", "Trailer", "Upgrade",
            "Keep-Alive",
            "Authorization", "Cookie", "Set-Cookie", "Expect", "Max-Forwards", "Content-Type", "Content-Encoding",
            "Content-Range", "Cache-Control", "Date", "Proxy-Authorization", "Proxy-Anything", "If-Match",
            "X-Forwarded-For", "HTTP2-Settings",
        ] {
            for spelling in [name, name.lowercased(), name.uppercased()] {
                #expect(matches(spelling + ": v"), "\(spelling)")
            }
        }
    }

    @Test("a name that is longer, shorter or only alike is not")
    func others() {
        for name in [
            "X-T", "Hos", "Hostx", "xHost", "Content-Lengt", "Content-Length2", "Proxy", "ETag", "Content-MD5",
            "Digest",
            "grpc-status", "Server-Timing", "Iffy",
        ] {
            #expect(!matches(name + ": v"), "\(name)")
            #expect(!matches(name + ":"), "\(name)")
        }
        #expect(!matches("no colon"))
        #expect(!matches(""))
    }
}
