import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Clients of other protocols", .timeLimit(.minutes(15)))
struct ForeignProtocolTests {
    /// What comes back for bytes that are sent in two pieces, and the record.
    private func talk(_ bytes: [UInt8], cut: Int = 0) async throws -> (answer: [UInt8], record: AccessRecord) {
        let proxy = try await TestProxy.start()
        let answer = try await proxy.client { client in
            if cut > 0 { try client.send(Array(bytes[..<cut])) }
            try client.send(Array(bytes[cut...]))
            client.shutdown()
            return try client.readToEnd()
        }
        return (answer, try await proxy.settle()[0])
    }

    @Test("TLS to the proxy itself ends with an alert, and the log says what it was") func tls() async throws {
        let (answer, record) = try await talk(ScriptedHello("a.example").bytes)
        #expect(answer == [21, 3, 3, 0, 2, 2, 40])
        #expect(record.fault == "tls_on_plain_port" && record.status == 400)
        #expect(record.reason?.contains("http://, not https://") == true)
        #expect(record.ending == Ending(.client, .read, .fault) && record.method.isEmpty)
    }

    @Test("HTTP/2 from the first byte reads that HTTP/1.1 is required", arguments: [0, 3, 15]) func http2(_ cut: Int)
        async throws
    {
        let (answer, record) = try await talk(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), cut: cut)
        #expect(Array(answer.prefix(9)) == [0, 0, 0, 4, 0, 0, 0, 0, 0] && answer.last == 13 && answer.count == 26)
        #expect(record.fault == "http2_preface" && record.status == 505)
    }

    @Test("SSH reads a line that says where it is") func ssh() async throws {
        let (answer, record) = try await talk(Array("SSH-2.0-OpenSSH_9.9\r\n".utf8))
        let text = String(decoding: answer, as: UTF8.self)
        #expect(text.hasSuffix("\r\n") && text.contains("proxy") && !text.hasPrefix("HTTP"))
        #expect(record.fault == "ssh_identification" && record.reason?.contains("ProxyCommand") == true)
    }

    @Test("a header of the PROXY protocol is answered in HTTP, and the log names the setting", arguments: 0..<16)
    func proxyHeader(_ cut: Int) async throws {
        let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
        let headers = [
            Array("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".utf8), Array("PROXY UNKNOWN\r\n".utf8),
            signature + [0x21, 0x11, 0, 12] + [UInt8](repeating: 1, count: 12),
        ]
        for header in headers where cut < header.count {
            let (answer, record) = try await talk(header + Array("GET / HTTP/1.1\r\n\r\n".utf8), cut: cut)
            #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 400 "), "\(header)")
            #expect(
                record.fault == "proxy_header_not_taken" && record.reason?.contains("`proxy-protocol`") == true,
                "\(header)"
            )
        }
    }
}
