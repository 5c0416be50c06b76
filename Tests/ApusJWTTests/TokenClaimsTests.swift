import Apus
import Testing

@testable import ApusJWT

@Suite("The claims of a token") struct TokenClaimsTests {
    private let rules = JWTRules(issuer: "https://id.example", audiences: ["apus", "proxy"], groupsClaim: "groups")

    private static let good: [String: TokenClaims.Value] = [
        "iss": .text("https://id.example"), "aud": .text("apus"), "exp": .number(1100), "sub": .text("anna"),
    ]

    private func judge(_ changes: [String: TokenClaims.Value?] = [:], now: Double = 1000) -> Authentication {
        var values = Self.good
        for (name, value) in changes { values[name] = value }
        return TokenClaims(values).judged(by: rules, now: now)
    }

    @Test("name their user for as long as the token holds, and the groups") func user() {
        #expect(judge() == .user("anna", lifetime: .seconds(130)))
        #expect(judge(["aud": .texts(["x", "proxy"])]) == judge())
        #expect(
            judge(["groups": .texts(["ops", "", "a\u{7}"])]) == .user("anna", groups: ["ops"], lifetime: .seconds(130))
        )
        #expect(
            judge(["groups": .text("read write")]) == .user("anna", groups: ["read", "write"], lifetime: .seconds(130))
        )
        #expect(judge(["exp": .number(1e300)]) == .user("anna", lifetime: .seconds(86400)))
    }

    @Test("hold from nbf to exp, with leeway") func time() {
        #expect(
            judge(now: 1129.9) == .user("anna", lifetime: .milliseconds(99))
                || judge(now: 1129.9) == .user("anna", lifetime: .milliseconds(100))
        )
        #expect(judge(now: 1130) == .invalid)
        #expect(judge(["nbf": .number(1030)]) == judge() && judge(["nbf": .number(1031)]) == .invalid)
    }

    @Test(
        "are refused when one is missing or wrong",
        arguments: [
            ("iss", nil), ("iss", .text("https://id.example/")), ("iss", .texts(["https://id.example"])), ("aud", nil),
            ("aud", .text("other")), ("aud", .texts([])), ("aud", .other), ("exp", nil), ("exp", .text("1100")),
            ("exp", .number(.infinity)), ("exp", .number(-1)), ("nbf", .text("1")), ("nbf", .number(.nan)),
            ("sub", nil),
            ("sub", .text("")), ("sub", .number(7)), ("sub", .text("a\nb")),
            ("sub", .text(String(repeating: "a", count: 256))),
        ] as [(String, TokenClaims.Value?)]
    )
    func wrong(name: String, value: TokenClaims.Value?) { #expect(judge([name: value]) == .invalid) }

    @Test("of any issuer, for anybody, are taken where the rules say so") func any() {
        var values = Self.good
        values["iss"] = nil
        values["aud"] = nil
        let any = JWTRules(issuer: nil, audiences: [])
        #expect(TokenClaims(values).judged(by: any, now: 1000) == .user("anna", lifetime: .seconds(130)))
        #expect(TokenClaims(Self.good).judged(by: any, now: 1000) == .user("anna", lifetime: .seconds(130)))
        #expect(TokenClaims(values).judged(by: JWTRules(issuer: nil, audiences: ["apus"]), now: 1000) == .invalid)
    }

    @Test("another claim may name the user") func userClaim() {
        var rules = rules
        rules.userClaim = "email"
        var values = Self.good
        values["email"] = .text("anna@example.org")
        #expect(TokenClaims(values).judged(by: rules, now: 1000) == .user("anna@example.org", lifetime: .seconds(130)))
    }
}
