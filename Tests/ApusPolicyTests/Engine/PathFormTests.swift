import ApusSamples
import Testing

@testable import ApusAdvice
@testable import ApusPolicy

@Suite("the forms of a path")
struct PathFormTests {
    /// Both forms, with `|` for a slash that was sent as a triplet, and whether the path climbs.
    private func forms(_ text: String) -> (sent: String, unified: String, climbs: Bool) {
        let bytes = Array(text.utf8)
        var sent = Array("what was there".utf8)
        var unified = sent
        let end = PathForm.measure(bytes.span).end
        let climbs = PathForm.write(bytes.span, to: end, sent: &sent, unified: &unified)
        let visible = sent.map { $0 == PathForm.eitherSlash ? UInt8(ascii: "|") : $0 }
        return (String(decoding: visible, as: UTF8.self), String(decoding: unified, as: UTF8.self), climbs)
    }

    @Test(
        "as sent, unreserved characters are decoded; unified, it is what the most generous server reads",
        arguments: [
            ("/", "/", "/"), ("", "/", "/"), ("?a", "/", "/"), ("/a/b", "/a/b", "/a/b"), ("/a//b", "/a//b", "/a/b"),
            ("//a/", "//a/", "/a/"), ("/a..b/.c", "/a..b/.c", "/a..b/.c"), ("/a/...", "/a/...", "/a/..."),
            ("/%61%2D%5F%7e", "/a-_~", "/a-_~"), ("/a%2fb", "/a|b", "/a/b"), ("/a%252fb", "/a%252fb", "/a/b"),
            ("/a%5cb\\c", "/a%5Cb\\c", "/a/b/c"), ("/a;b=c/d;", "/a;b=c/d;", "/a/d"), ("/;a/b", "/;a/b", "/b"),
            ("/a/;b", "/a/;b", "/a/"), ("/a%3bb/c", "/a%3Bb/c", "/a/c"), ("/%", "/%", "/%"), ("/%4", "/%4", "/%4"),
            ("/%zz", "/%zz", "/%zz"), ("/%%41", "/%A", "/%A"), ("/%2541", "/%2541", "/A"),
            ("/%25%34%31", "/%2541", "/A"),
            ("/%3f", "/%3F", "/?"), ("*", "*", "*"), ("/é", "/%C3%A9", "/é"), ("/%c3%a9", "/%C3%A9", "/é"),
            (";", ";", "/"),
        ]
    )
    func forms(text: String, sent: String, unified: String) {
        let found = forms(text)
        #expect(found.sent == sent && found.unified == unified && !found.climbs)
    }

    @Test("a usual path is both of its forms, and does not climb")
    func usual() {
        var dice = PolicyDice(seed: 23)
        var usual = 0
        for _ in 0..<4_000 {
            let path = dice.question().path
            let bytes = Array(path.utf8)
            let measure = PathForm.measure(bytes.span)
            #expect(measure.end == path.prefix { $0 != "?" }.utf8.count)
            if measure.isUnusual { continue }
            usual += 1
            let found = forms(path)
            let same = path.prefix { $0 != "?" }
            #expect(found.sent == same && found.unified == same && !found.climbs)
        }
        #expect(usual > 500)
        for text in ["/", "/a/b.c", "/index.html?a=/../b", "/a..b/", "/A-Z_~!$&'()*+,=:@"] {
            let bytes = Array(text.utf8)
            let isUnusual = PathForm.measure(bytes.span).isUnusual
            #expect(!isUnusual, "\(text)")
        }
    }

    @Test(
        "a path climbs by a segment of dots in any spelling, by NUL, and by a slash in disguise behind a parameter",
        arguments: [
            ("/..", true), ("/a/./b", true), ("/a/%2e%2E/b", true), ("/a/.%252e", true), ("/a\\..\\b", true),
            ("/a%5c..", true), ("/a%2f..%2fb", true), ("/a/..;/b", true), ("/a/.;x", true), ("/a/..%3bx/", true),
            ("/a/..%3f", true), ("/a/..%23", true), ("/%00", true), ("/a%2500b", true), ("/a;b%2fc", true),
            ("/a%3bb\\c", true), ("/%%32%65%2%65/", true), ("..", true), ("/a/..b", false), ("/a/...", false),
            ("/a?/../b", false), ("/a;b/c%2fd", false), ("/a;../b", false), ("/.well-known/x", false),
            ("/a%2fb;c", false),
        ]
    )
    func climbs(text: String, expected: Bool) {
        #expect(forms(text).climbs == expected)
        #expect(PathReader(path: text).climbs == expected)
    }

    @Test("a prefix keeps its dots, for they may begin a name")
    func prefixes() {
        let dot = PathForm.prefix("/.")
        let dots = PathForm.prefix("/%61/..")
        #expect(dot.sent == Array("/.".utf8) && dot.unified == dot.sent)
        #expect(dots.sent == Array("/a/..".utf8) && dots.unified == dots.sent)
        #expect(PathForm.prefix("").sent.isEmpty && PathForm.prefix("").unified.isEmpty)
    }

    @Test("in a prefix, a slash as a triplet is a slash in either spelling; a slash is itself alone")
    func eitherSlash() {
        let slash = UInt8(ascii: "/")
        #expect(PathForm.isSame(slash, as: PathForm.eitherSlash) && !PathForm.isSame(PathForm.eitherSlash, as: slash))
        #expect(PathForm.isOpenScope("/@team") && PathForm.isOpenScope("/x/%40team"))
        for text in ["/@team/", "/@team%2f", "/@team/name", "/", ""] { #expect(!PathForm.isOpenScope(text)) }
    }
}
