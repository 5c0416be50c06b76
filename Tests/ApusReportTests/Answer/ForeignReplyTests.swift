import ApusReport
import ApusWire
import Testing

@Suite("An answer to another protocol") struct ForeignReplyTests {
    @Test("TLS is told by a fatal alert") func tls() {
        #expect(ForeignReply.bytes(.tlsRecord) == [21, 3, 3, 0, 2, 2, 40])
    }

    @Test("HTTP/2 is told by SETTINGS and GOAWAY with HTTP_1_1_REQUIRED") func http2() throws {
        let bytes = try #require(ForeignReply.bytes(.http2Preface))
        // Length, type, flags and stream of each frame.
        #expect(Array(bytes[0..<9]) == [0, 0, 0, 4, 0, 0, 0, 0, 0])
        #expect(Array(bytes[9..<18]) == [0, 0, 8, 7, 0, 0, 0, 0, 0])
        #expect(Array(bytes[18...]) == [0, 0, 0, 0, 0, 0, 0, 0xd])
    }

    @Test("SSH is told by a line that is no identification of its own") func ssh() throws {
        let line = String(decoding: try #require(ForeignReply.bytes(.sshIdentification)), as: UTF8.self)
        #expect(line.hasSuffix("\r\n") && !line.hasPrefix("SSH-") && line.utf8.count <= 255)
    }

    @Test("all else is told in HTTP") func others() {
        let own: [RequestFault] = [.tlsRecord, .http2Preface, .sshIdentification]
        for fault in RequestFault.allCases where !own.contains(fault) { #expect(ForeignReply.bytes(fault) == nil) }
    }
}
