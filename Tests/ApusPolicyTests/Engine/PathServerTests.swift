import ApusAdvice
import ApusPolicy
import ApusSamples
import Testing

/// What a rule by path is worth before servers that Apus does not know.
@Suite("rules by path before every kind of server")
struct PathServerTests {
    private static let pieces = [
        "/", "/", "/", "/", "//", "public", "private", "a", ".", "..", "..", "%2e", "%2E.", "%252e", "%2f", "%252F",
        "\\",
        "%5c", "%255c", ";", ";x=1", "%3b", "%3f", "%23", "?", "%", "%25", "2", "e", "%32", "%65", "%70ublic",
        "p%72ivate",
        "%2570rivate", "@s", "é",
    ]
    private static let prefixes = ["/public/", "/private/", "/a/private/", "/pub", "/@s%2f", "/public/a", "/"]

    /// A path that often begins as a prefix does.
    private func path(_ prefix: String, _ random: inout SplitMix) -> String {
        var path = Bool.random(using: &random) ? prefix : "/"
        for _ in 0..<Int.random(in: 0...7, using: &random) {
            path += Self.pieces.randomElement(using: &random) ?? ""
        }
        return path
    }

    private func isIn(_ path: String, _ prefix: String, _ server: PathServer) -> Bool {
        let place = server.resolve(path)
        // A slash that was written as a triplet stands for either.
        let spellings = prefix.contains("%2f") ? [prefix, prefix.replacing("%2f", with: "/")] : [prefix]
        return spellings.contains { place.hasPrefix(server.resolve($0)) }
    }

    @Test("what an allow by prefix admits lies under that prefix on every server", arguments: 0..<2)
    func allows(seed: UInt64) throws {
        var random = SplitMix(seed: seed &+ 61)
        var admitted = 0
        for prefix in Self.prefixes {
            var asker = try PolicyAsker(PolicyRules(.allow { $0.paths = [prefix] }))
            for _ in 0..<250 {
                let path = path(prefix, &random)
                guard asker.decide(.ask("h", path: path)).outcome == .allow else { continue }
                admitted += 1
                for server in PathServer.all {
                    try #require(isIn(path, prefix, server), "\(path) is \(server.resolve(path)): \(server)")
                }
            }
        }
        #expect(admitted > 250, "\(admitted)")
    }

    @Test("what lies under the prefix of a deny on some server is denied, in an exception too", arguments: 0..<2)
    func denies(seed: UInt64) throws {
        var random = SplitMix(seed: seed &+ 67)
        var found = 0
        for prefix in Self.prefixes {
            let condition = Condition { $0.paths = [prefix] }
            var asker = try PolicyAsker(PolicyRules(.deny { $0.paths = [prefix] }, .allow()))
            var other = try PolicyAsker(PolicyRules(.allow { $0.exceptions = [condition] }))
            var limit = try PolicyAsker(PolicyRules(.allow(), .limit { $0.paths = [prefix] }))
            for _ in 0..<250 {
                let path = path(prefix, &random)
                guard let server = PathServer.all.first(where: { isIn(path, prefix, $0) }) else { continue }
                found += 1
                let question = PolicyQuestion.ask("h", path: path)
                for decision in [asker.decide(question), other.decide(question)] {
                    try #require(decision.outcome == .deny, "\(path) is \(server.resolve(path)): \(server)")
                }
                try #require(limit.limits(question) == [1], "\(path) is \(server.resolve(path)): \(server)")
            }
        }
        #expect(found > 500, "\(found)")
    }

    @Test("an exception of a deny gives, as an allow does")
    func givenBack() throws {
        var random = SplitMix(seed: 71)
        for prefix in Self.prefixes {
            let condition = Condition { $0.paths = [prefix] }
            var given = try PolicyAsker(PolicyRules(.allow { $0.paths = [prefix] }))
            var back = try PolicyAsker(PolicyRules(.deny { $0.exceptions = [condition] }, .allow()))
            for _ in 0..<250 {
                let question = PolicyQuestion.ask("h", path: path(prefix, &random))
                let isGiven = given.decide(question).outcome == .allow
                try #require((back.decide(question).outcome == .allow) == isGiven, "\(question.path)")
            }
        }
    }

    @Test(
        "what is served elsewhere by one server or another is not admitted",
        arguments: [
            "/public//../secret", "/public/../secret", "/public/%2e%2e/secret", "/public/%252e%252e/secret",
            "/public/..;/secret", "/public/..;x=y/secret", "/public/..%2fsecret", "/public/..%252fsecret",
            "/public/..\\secret", "/public/..%5csecret", "/public/.%2e/secret", "/public/%%32%65%%32%65/secret",
            "/public/..%3bx/secret", "/public/..%3fx/secret", "/public/..", "/public/.", "/public/x%00",
            "/public/x%2500y",
            "/public/x;a%2f..", "/public/./x", "/public/..#x",
        ]
    )
    func climbing(path: String) throws {
        let question = PolicyQuestion.ask("h", path: path)
        var asker = try PolicyAsker(PolicyRules(.allow { $0.paths = ["/public/"] }))
        #expect(asker.decide(question) == Decision(.deny))
        // It may lead to what any deny by path means.
        var denier = try PolicyAsker(PolicyRules(.deny { $0.paths = ["/other/"] }, .allow()))
        #expect(denier.decide(question) == Decision(.deny, rule: 0))
        var other = try PolicyAsker(
            PolicyRules(
                .deny {
                    $0.hosts = [.name("g")]; $0.paths = ["/other/"]
                },
                .allow()
            )
        )
        #expect(other.decide(question) == Decision(.allow, rule: 1))
    }

    @Test(
        "a deny sees through slashes, parameters and double decoding",
        arguments: [
            "/private/x", "//private/x", "///private/x", "/%70rivate/x", "/%2570rivate/x", "/private;a=b/x",
            "/;x/private/x",
            "/%2fprivate/x", "/private%2fx", "/private%252Fx", "/private\\x", "\\private/x", "/private//x",
            "/%5cprivate/x",
            "/private%3bx/y",
        ]
    )
    func hidden(path: String) throws {
        var asker = try PolicyAsker(PolicyRules(.deny { $0.paths = ["/private/"] }, .allow()))
        #expect(asker.decide(.ask("h", path: path)) == Decision(.deny, rule: 0))
        var allower = try PolicyAsker(PolicyRules(.allow { $0.exceptions = [Condition { $0.paths = ["/private/"] }] }))
        #expect(allower.decide(.ask("h", path: path)) == Decision(.deny))
    }

    @Test("a scope of npm is written with %2f, and matches both spellings of its slash")
    func scopes() throws {
        var asker = try PolicyAsker(PolicyRules(.allow { $0.paths = ["/@team%2f"] }))
        for path in [
            "/@team%2fname", "/@team%2Fname", "/@team/name", "/@team/name/-/name-1.0.0.tgz", "/@team%2fname?x=/..",
        ] {
            #expect(asker.decide(.ask("h", path: path)).outcome == .allow, "\(path)")
        }
        for path in ["/@team-other/name", "/@team", "/@teamx%2fname", "/@team%252fname", "/@team\\name", "/@team/../x"]
        {
            #expect(asker.decide(.ask("h", path: path)).outcome == .deny, "\(path)")
        }
    }

    @Test("what is not ASCII is the same as its triplets")
    func beyondASCII() throws {
        for prefix in ["/é/", "/%c3%a9/"] {
            var asker = try PolicyAsker(PolicyRules(.allow { $0.paths = [prefix] }))
            for path in ["/é/x", "/%C3%A9/x", "/%c3%A9/x"] {
                #expect(asker.decide(.ask("h", path: path)).outcome == .allow, "\(prefix) \(path)")
            }
            #expect(asker.decide(.ask("h", path: "/e/x")).outcome == .deny)
        }
    }
}
