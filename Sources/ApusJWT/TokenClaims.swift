internal import Apus
internal import JWTKit

/// The claims of a token whose signature is right.
struct TokenClaims: JWTPayload {
    /// What a claim holds, as far as it is looked at.
    enum Value: Codable, Sendable, Equatable {
        case text(String)
        case number(Double)
        case texts([String])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let texts = try? container.decode([String].self) {
                self = .texts(texts)
            } else {
                self = .other
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .texts(let texts): try container.encode(texts)
            case .other: try container.encodeNil()
            }
        }
    }

    let values: [String: Value]

    init(_ values: [String: Value]) { self.values = values }

    init(from decoder: any Decoder) throws { values = try decoder.singleValueContainer().decode([String: Value].self) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    /// The claims are judged by ``judged(by:now:)``, which knows the rules.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// Whose token it is, if it holds now.
    ///
    /// - Parameter now: in seconds since 1970.
    func judged(by rules: JWTRules, now: Double) -> Authentication {
        let leeway = Double(rules.leeway.components.seconds)
        guard rules.issuer == nil || values["iss"] == rules.issuer.map({ .text($0) }), isForUs(rules),
            case .number(let end) = values["exp"],
            end.isFinite, now < end + leeway
        else { return .invalid }
        switch values["nbf"] {
        case nil: break
        case .number(let start) where start.isFinite && now >= start - leeway: break
        default: return .invalid
        }
        guard case .text(let name) = values[rules.userClaim], Self.isName(name) else { return .invalid }
        // No more than a day: the cache keeps it for less, and the sum stays a number that fits.
        let left = min(end + leeway - now, 86400)
        return .user(name, groups: groups(rules), lifetime: .milliseconds(Int64(left * 1000)))
    }

    private func isForUs(_ rules: JWTRules) -> Bool {
        switch values["aud"] {
        case _ where rules.audiences.isEmpty: true
        case .text(let audience): rules.audiences.contains(audience)
        case .texts(let audiences): !rules.audiences.isDisjoint(with: audiences)
        default: false
        }
    }

    private func groups(_ rules: JWTRules) -> [String] {
        switch rules.groupsClaim.flatMap({ values[$0] }) {
        case .texts(let names): names.filter(Self.isName)
        case .text(let words): words.split(separator: " ").map(String.init).filter(Self.isName)
        default: []
        }
    }

    /// What a rule can name and a log can show.
    private static func isName(_ text: String) -> Bool {
        1...255 ~= text.utf8.count && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    }
}
