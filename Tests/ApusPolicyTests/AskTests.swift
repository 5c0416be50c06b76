import ApusPolicy
import ApusWire
import Testing

@Test("a policy sees an IPv4 client as IPv4, whichever listener it came by")
func askClient() throws {
    let client = try #require(IPAddress("::ffff:192.0.2.7"))
    let ask = Ask(client: client, method: "GET", scheme: "http", host: "example.com", port: 80, path: "/a?b")
    #expect(ask.clientAddress == "192.0.2.7")
    #expect(ask.client == IPAddress("192.0.2.7"))
}
