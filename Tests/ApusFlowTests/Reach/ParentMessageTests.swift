import ApusWire
import Testing

@testable import ApusFlow

@Suite("What is said to a parent") struct ParentMessageTests {
    private let plain = ParentMessage(user: nil, password: [], pseudonym: Array("apus-1".utf8))
    private let proving = ParentMessage(
        user: Array("user".utf8),
        password: Array("pass:word".utf8),
        pseudonym: Array("apus-1".utf8)
    )

    private func text(_ message: ParentMessage, _ kind: ParentMessage.Kind, _ host: String, port: UInt16) -> String {
        let bytes = message.bytes(kind, to: Array(host.utf8).span, IPAddress(host), port: port)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("CONNECT names host and port twice, has Via, and credentials where there are any") func connect() {
        #expect(
            text(plain, .connect, "example.org", port: 443)
                == "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\nVia: 1.1 apus-1\r\n\r\n"
        )
        #expect(
            text(proving, .connect, "2001:db8::1", port: 80)
                == "CONNECT [2001:db8::1]:80 HTTP/1.1\r\nHost: [2001:db8::1]:80\r\nVia: 1.1 apus-1\r\n"
                + "Proxy-Authorization: Basic dXNlcjpwYXNzOndvcmQ=\r\n\r\n"
        )
    }

    @Test(
        "a plain request is in absolute form, with credentials at the end of its head",
        arguments: [
            (
                "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n", "h.test", 80,
                "GET http://h.test/a?b HTTP/1.1\r\nHost: x\r\n|\r\n"
            ),
            ("GET / HTTP/1.1\r\n\r\n", "h.test", 8080, "GET http://h.test:8080/ HTTP/1.1\r\n|\r\n"),
            ("OPTIONS * HTTP/1.1\r\n\r\n", "::1", 80, "OPTIONS http://[::1] HTTP/1.1\r\n|\r\n"),
            ("OPTIONS /* HTTP/1.1\r\n\r\n", "1.2.3.4", 80, "OPTIONS http://1.2.3.4/* HTTP/1.1\r\n|\r\n"),
        ]
    )
    func absolute(_ head: String, _ host: String, _ port: UInt16, _ wanted: String) {
        let method = head.utf8.firstIndex(of: 0x20)?.utf16Offset(in: head) ?? 0
        for (message, line) in [(plain, ""), (proving, "Proxy-Authorization: Basic dXNlcjpwYXNzOndvcmQ=\r\n")] {
            let bytes = message.absolute(
                Array(head.utf8).span,
                method: method,
                to: Array(host.utf8).span,
                IPAddress(host),
                port: port
            )
            #expect(
                String(decoding: bytes, as: UTF8.self)
                    == wanted.split(separator: "|", omittingEmptySubsequences: false).joined(separator: line)
            )
        }
    }

    @Test("SOCKS: the methods offered, the credentials, and a host of each kind") func socks() {
        let name = Array("a.b".utf8)
        func bytes(_ message: ParentMessage, _ kind: ParentMessage.Kind, _ address: IPAddress?) -> [UInt8] {
            message.bytes(kind, to: name.span, address, port: 0x1f90)
        }
        #expect(bytes(plain, .greeting, nil) == [5, 1, 0])
        #expect(bytes(proving, .greeting, nil) == [5, 2, 0, 2])
        #expect(bytes(proving, .credentials, nil) == [1, 4] + Array("user".utf8) + [9] + Array("pass:word".utf8))
        #expect(bytes(plain, .request, nil) == [5, 1, 0, 3, 3] + name + [0x1f, 0x90])
        #expect(bytes(plain, .request, IPAddress("1.2.3.4")) == [5, 1, 0, 1, 1, 2, 3, 4, 0x1f, 0x90])
        #expect(
            bytes(plain, .request, IPAddress("2001:db8::5"))
                == [5, 1, 0, 4, 0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [5, 0x1f, 0x90]
        )
    }
}
