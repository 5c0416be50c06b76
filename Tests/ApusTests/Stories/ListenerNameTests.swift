import Apus
import ApusPolicy
import ApusSamples
import ApusTesting
import Testing

@Suite("the name of a listener") struct ListenerNameTests {
    @Test(
        "a rule takes it, or the address; the record has it, and the help page the address",
        arguments: ["edge", "127.0.0.1:0"]
    )
    func named(_ listener: String) async throws {
        let proxy = try await TestProxy.start(rules: PolicyRules(.deny { $0.listeners = [listener] }, .allow())) {
            var options = ListenerOptions()
            options.name = "edge"
            $0.listenerOptions[$0.listeners[0]] = options
        }
        let client = try RawClient(port: proxy.port)
        try client.send("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n")
        #expect(try client.readResponse().status == 403)
        #expect(await proxy.record()?.listener == "edge")
        let reader = try RawClient(port: proxy.port)
        try reader.send("GET / HTTP/1.1\r\nHost: \(proxy.address)\r\n\r\n")
        #expect(try reader.readResponse().text.contains(proxy.address))
    }
}
