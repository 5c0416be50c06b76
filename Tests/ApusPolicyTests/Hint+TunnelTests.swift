import ApusPolicy
import Testing

@Suite("A hint of a tunnel")
struct HintTunnelTests {
    @Test("names the rule and what to write, or the setting where no rule decided")
    func texts() {
        #expect(Hint.tunnel(nil, nil).text == "`sni.not-tls: allow` lets other protocols pass.")
        #expect(Hint.tunnel(nil, nil).settings == [.sniNotTLS])
        #expect(Hint.tunnel("mirror", .any).settings == [.sniDenialsNotTLS])
        let hint = "Its rule (mirror) takes TLS alone; write `tls: any` in it to let other protocols pass."
        #expect(Hint.tunnel("mirror", nil).text == hint && Hint.tunnel("mirror", .required).text == hint)
    }
}
