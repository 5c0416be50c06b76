import Apus
import ApusTesting
import Testing

@Suite("Responses on their way", .timeLimit(.minutes(15)))
struct RespondingTests {
    @Test(
        "an HTTP/1.0 client is told of no transfer coding, not even where there is no body",
        arguments: ["HEAD", "GET"]
    )
    func noCoding(_ method: String) async throws {
        let status = method == "HEAD" ? "200 OK" : "304 Not Modified"
        let origin = try ScriptedOrigin.answering(
            "HTTP/1.1 \(status)\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\nX-A: b\r\n\r\n"
        )
        let proxy = try await TestProxy.start()
        for version in ["HTTP/1.0", "HTTP/1.1"] {
            let head = try await onOwnThread { [port = proxy.port] in
                let client = try RawClient(port: port)
                try client.send("\(method) \(origin.url()) \(version)\r\nHost: \(origin.authority)\r\n\r\n")
                return try client.readHead()
            }
            let isOld = version == "HTTP/1.0"
            #expect(head.contains("X-A: b"))
            #expect(head.contains("Transfer-Encoding: chunked") == !isOld)
            #expect(head.contains("Trailer: X-T") == !isOld)
        }
        await proxy.stop()
    }
}
