import ApusPolicy
import Testing

@Suite("verdicts of a policy")
struct VerdictTests {
    @Test("a denial is a 403 unless it names another status of an error")
    func status() {
        #expect(Verdict.deny(reason: "no").deniedStatus == 403)
        for status in UInt16(0)...1000 {
            let expected = status >= 400 && status <= 599 ? status : 403
            #expect(Verdict.deny(reason: "no", status: status).deniedStatus == expected)
        }
    }

    @Test("what goes on has no status")
    func goesOn() {
        #expect(Verdict.allow.deniedStatus == nil)
        #expect(Verdict.route(to: .direct).deniedStatus == nil)
        #expect(Verdict.route(to: .address(host: "parent", port: 3128)).deniedStatus == nil)
    }
}
