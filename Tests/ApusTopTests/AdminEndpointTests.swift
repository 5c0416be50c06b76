import ApusTop
import ApusWire
import Testing

@Suite struct AdminEndpointTests {
    @Test("addresses with ports, the page's URL and paths are read")
    func read() throws {
        let v4 = try #require(IPAddress("127.0.0.1"))
        let v6 = try #require(IPAddress("::1"))
        #expect(AdminEndpoint("127.0.0.1:9128") == .address(v4, 9128))
        #expect(AdminEndpoint("localhost:80") == .address(v4, 80))
        #expect(AdminEndpoint("[::1]:9128") == .address(v6, 9128))
        #expect(AdminEndpoint("http://127.0.0.1:9128/") == .address(v4, 9128))
        #expect(AdminEndpoint("/run/apus/admin.sock") == .path("/run/apus/admin.sock"))
        #expect(AdminEndpoint("unix:/run/a") == .path("/run/a"))
        #expect(AdminEndpoint("unix:///run/a") == .path("/run/a"))
        #expect(AdminEndpoint(AdminEndpoint.standard)?.description == AdminEndpoint.standard)
        #expect(AdminEndpoint("[::1]:9128")?.host == "[::1]:9128")
        #expect(AdminEndpoint("/run/a")?.host == "localhost")
    }

    @Test(
        "what names no place is nothing",
        arguments: ["", "127.0.0.1", "example.org:80", ":80", "127.0.0.1:0", "127.0.0.1:65536", "x"]
    )
    func none(_ text: String) {
        #expect(AdminEndpoint(text) == nil)
        #expect(AdminEndpoint("/" + String(repeating: "a", count: 108)) == nil)
    }
}
