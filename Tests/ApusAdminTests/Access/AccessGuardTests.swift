import Testing

@testable import ApusAdmin

@Suite("Who may ask the admin listener")
struct AccessGuardTests {
    private typealias Question = AccessGuard.Question

    private let open = AccessGuard(names: ["apus.example"], isSocket: false, token: nil)
    private let closed = AccessGuard(names: [], isSocket: false, token: "s3cret")

    private func question(_ change: (inout Question) -> Void = { _ in }) -> Question {
        var question = Question(path: "/api/status", host: "127.0.0.1:9128")
        change(&question)
        return question
    }

    @Test(
        "a request names this machine in Host",
        arguments: [
            "127.0.0.1:9128", "127.0.0.1", "[::1]:9128", "[::1]", "10.1.2.3:80", "localhost:9128", "LOCALHOST",
            "localhost.",
            "apus.example", "Apus.Example:9128",
        ]
    )
    func names(host: String) {
        #expect(open.refusal(question { $0.host = host }) == nil)
    }

    @Test(
        "any other name may be one that was rebound",
        arguments: [
            "evil.example", "127.0.0.1.evil.example:9128", "localhost.evil.example", "", "apus.example.evil", "x",
            "[::1]evil.example",
            "127.0.0.1:evil", "[::1", "localhost:80:80",
        ]
    )
    func rebound(host: String) {
        #expect(open.refusal(question { $0.host = host }) == .unknownName(host))
        #expect(AccessGuard(names: [], isSocket: true, token: nil).refusal(question { $0.host = host }) == nil)
    }

    @Test("there is one Host, and no second one for somebody else to read") func oneHost() {
        #expect(open.refusal(question { $0.host = nil }) == .malformedHost)
        let socket = AccessGuard(names: [], isSocket: true, token: nil)
        #expect(socket.refusal(question { $0.host = nil }) == nil)
        for guarding in [open, closed, socket] {
            #expect(guarding.refusal(question { $0.hasSeveralHosts = true }) == .malformedHost)
        }
    }

    @Test("what has come through a proxy is refused, the paths that are open and a UNIX socket included") func byProxy()
    {
        for path in ["/", "/api/status", "/healthz", "/proxy.pac"] {
            let question = question {
                $0.path = path
                $0.cameByProxy = true
                $0.authorization = "Bearer s3cret"
            }
            #expect(open.refusal(question) == .cameByProxy)
            #expect(closed.refusal(question) == .cameByProxy)
            #expect(AccessGuard(names: [], isSocket: true, token: nil).refusal(question) == .cameByProxy)
        }
    }

    @Test("an origin is the page itself") func origins() {
        #expect(open.refusal(question { $0.origin = "http://127.0.0.1:9128" }) == nil)
        #expect(open.refusal(question { $0.origin = "HTTP://127.0.0.1:9128" }) == nil)
        for other in [
            "http://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:9128.evil.example",
            "http://localhost:9128",
        ] {
            #expect(open.refusal(question { $0.origin = other }) == .otherSite, "\(other)")
        }
    }

    @Test("another site may open the page, and nothing else") func sites() {
        for site in ["cross-site", "same-site"] {
            #expect(open.refusal(question { $0.fetchSite = site }) == .otherSite)
            #expect(
                open.refusal(
                    question {
                        $0.fetchSite = site
                        $0.path = "/"
                    }
                ) == nil
            )
            #expect(
                open.refusal(
                    question {
                        $0.fetchSite = site
                        $0.path = "/"
                        $0.method = "DELETE"
                    }
                ) == .otherSite
            )
        }
        for site in ["same-origin", "none"] { #expect(open.refusal(question { $0.fetchSite = site }) == nil) }
    }

    @Test("a token is shown as Bearer, or as a password") func tokens() {
        #expect(closed.refusal(question()) == .noToken)
        for right in ["Bearer s3cret", "bearer s3cret", "Basic YW55OnMzY3JldA==", "Basic OnMzY3JldA=="] {
            #expect(closed.refusal(question { $0.authorization = right }) == nil, "\(right)")
        }
        for wrong in [
            "Bearer", "Bearer s3cre", "Bearer s3cret ", "Bearer S3CRET", "Basic s3cret", "Basic YW55OnMzY3JldA",
            "Digest s3cret", "s3cret",
            "Basic czNjcmV0",
        ] {
            #expect(closed.refusal(question { $0.authorization = wrong }) == .noToken, "\(wrong)")
        }
    }

    @Test("probes and the browsers' set-up need no token, and the right name all the same") func probes() {
        for path in ["/healthz", "/readyz", "/proxy.pac"] {
            #expect(closed.refusal(question { $0.path = path }) == nil)
            #expect(
                closed.refusal(
                    question {
                        $0.path = path
                        $0.host = "evil.example"
                    }
                ) == .unknownName("evil.example")
            )
        }
        #expect(closed.refusal(question { $0.path = "/metrics" }) == .noToken)
        #expect(closed.refusal(question { $0.path = "/healthz/../api/status" }) == .noToken)
    }
}
