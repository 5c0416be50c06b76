import Testing

@testable import ApusReport

@Suite struct ArchiveCookieTests {
    private func cookies(_ value: String) -> String {
        var json = JSONWriter()
        json.array { ArchiveCookie.write(cookies: value, to: &$0) }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func cookie(_ value: String) -> String {
        var json = JSONWriter()
        json.array { ArchiveCookie.write(setCookie: value, to: &$0) }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test("cookies are names and values; one without a name is all value")
    func request() {
        #expect(
            cookies("a=1; b==; c") == ##"[{"name":"a","value":"1"},{"name":"b","value":"="},{"name":"","value":"c"}]"##
        )
        #expect(cookies("") == "[]")
        #expect(cookies(";;") == "[]")
    }

    @Test("of attributes the last of a kind counts, unknown ones are left out")
    func response() {
        let written = cookie("a=1; Path=/x; path=/y; Domain=o.example; Secure; Priority=High; expires=x")
        let expected =
            #"[{"name":"a","value":"1","secure":true,"domain":"o.example","path":"/y"}]"#
        #expect(written == expected)
        #expect(cookie("") == "[]")
    }
}
