import Testing

@testable import ApusAdmin

@Suite("Targets in absolute form")
struct AbsoluteTargetTests {
    @Test(
        "have an authority, and a path of one character at least",
        arguments: [
            ("http://localhost:9128/api/status?a=b", "localhost:9128", "/api/status?a=b"),
            ("HTTPS://[::1]", "[::1]", "/"), ("http://evil.example?a", "evil.example", "/?a"),
            ("http://localhost@evil.example/", "localhost@evil.example", "/"), ("a+1-.://x/y", "x", "/y"),
            ("http:///path", "", "/path"),
        ]
    )
    func parts(target: String, authority: String, path: String) {
        let found = AbsoluteTarget(target)
        #expect(found?.authority == authority && found?.path == path)
    }

    @Test(
        "are told from the other forms",
        arguments: ["/", "*", "/a?b=http://c/", "localhost:9128", "//x/", "1a://x", "://x", ""]
    )
    func others(target: String) { #expect(AbsoluteTarget(target) == nil) }
}
