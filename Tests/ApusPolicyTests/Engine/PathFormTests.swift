import Testing

@testable import ApusPolicy

@Suite("the form of a path")
struct PathFormTests {
    private func form(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var output = Array("what was there".utf8)
        PathForm.write(bytes.span, to: PathForm.end(bytes.span), into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(
        "dot segments go, unreserved characters are decoded, the query is left out",
        arguments: [
            ("/", "/"), ("", "/"), ("?a", "/"), ("/a/b", "/a/b"), ("/a/../b", "/b"), ("/a/./b", "/a/b"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"), ("/..", "/"), ("/../../a", "/a"), ("/a//../b", "/a/b"), ("/a/..b/c", "/a/..b/c"),
            ("/a/.../b", "/a/.../b"), ("/.well-known/x", "/.well-known/x"), ("/%61%2D%2e%5F%7e", "/a-._~"),
            ("/a/%2e%2E/b", "/b"), ("/a%2fb", "/a%2Fb"), ("/%c3%a9", "/%C3%A9"), ("/%", "/%"), ("/%4", "/%4"),
            ("/%zz", "/%zz"), ("/%%41", "/%A"), ("/a?b/../c", "/a"), ("*", "*"),
        ]
    )
    func forms(text: String, expected: String) {
        #expect(form(text) == expected)
        let bytes = Array(text.utf8)
        let end = PathForm.end(bytes.span)
        let isSame = String(decoding: bytes[..<end], as: UTF8.self) == expected
        let isUnusual = PathForm.isUnusual(bytes.span, to: end)
        #expect(isSame || isUnusual)
    }

    @Test("the form of a form is itself, and usual paths are not written anew")
    func again() {
        for text in ["/a/../%2e%61/b%2f", "//x/.././y", "/%25%34%31"] {
            let once = form(text)
            #expect(form(once) == once || text.contains("%25"))
        }
        for text in ["/", "/a/b.c", "/index.html", "/a..b/"] {
            let bytes = Array(text.utf8)
            let isUnusual = PathForm.isUnusual(bytes.span, to: bytes.count)
            #expect(!isUnusual)
        }
    }

    @Test("a prefix keeps its dots, for they may begin a name")
    func prefixes() {
        #expect(PathForm.prefix("/.") == Array("/.".utf8) && PathForm.prefix("/%61/..") == Array("/a/..".utf8))
    }
}
