import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("why a rule does not match")
struct RuleReaderTests {
    private func mismatch(_ condition: Condition, _ question: PolicyQuestion) -> PolicyExplanation.Mismatch? {
        let rules = PolicyRules(Rule(.limit(UsageLimit()), when: condition), .allow())
        guard case .passedOver(let mismatch) = rules.explain(question).steps[0].finding else { return nil }
        return mismatch
    }

    @Test("each part tells what it wants and what the request has")
    func parts() throws {
        let ten = try CIDR("10.0.0.0/8")
        let cases: [(Condition, String)] = [
            (Condition { $0.from = [ten] }, "from is 192.0.2.1, not 10.0.0.0/8"),
            (Condition { $0.users = [.user("anna"), .group("ops")] }, "user is nobody, not anna, group:ops"),
            (Condition { $0.methods = ["HEAD"] }, "method is GET, not HEAD"),
            (Condition { $0.schemes = [.https] }, "scheme is http, not https"),
            (
                Condition { $0.hosts = [.list("none"), .network(ten)] },
                "to is a.example (203.0.113.1), not list:none, 10.0.0.0/8"
            ),
            (Condition { $0.ports = [443...443, 8000...8080] }, "ports is 80, not 443, 8000-8080"),
            (Condition { $0.paths = ["/x/"] }, "path is /a//b (a server may read /a/b), not /x/"),
            (Condition { $0.listeners = ["l:1"] }, "listener is another, not l:1"),
        ]
        let question = PolicyQuestion.ask("a.example", path: "/a//b?/x/", address: "203.0.113.1")
        for (condition, expected) in cases { #expect(mismatch(condition, question)?.description == expected) }
        let time = mismatch(Condition { $0.times = [TimeWindow(days: 1, start: 0, end: 1)] }, question)
        #expect(time?.part == .time && time?.had == "Thu 00:00 UTC")
        #expect(mismatch(Condition { $0.paths = ["/"] }, .ask("a", "CONNECT"))?.had == "that of a tunnel")
        let plain = mismatch(Condition { $0.schemes = [.http] }, .ask("a", "CONNECT"))
        #expect(plain?.description == "scheme is that of a tunnel, not http")
    }

    @Test("the first part that is not true is told, and an exception by what it says")
    func order() {
        let two = Condition {
            $0.methods = ["HEAD"]
            $0.ports = [81...81]
        }
        #expect(mismatch(two, .ask("a"))?.part == .method)
        let not = Condition {
            $0.exceptions = [
                two,
                Condition {
                    $0.hosts = [.name("a"), .under("b")]
                    $0.ports = [80...80]
                },
            ]
        }
        #expect(mismatch(not, .ask("a"))?.description == "to a *.b, ports 80 is an exception")
        #expect(mismatch(Condition { $0.exceptions = [Condition()] }, .ask("a"))?.had == "all")
        #expect(mismatch(Condition(), .ask("a")) == nil)
    }
}
