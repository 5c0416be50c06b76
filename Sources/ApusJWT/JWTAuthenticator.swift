public import Apus
public import ApusPolicy
internal import ApusReactor
public import ApusWire
internal import JWTKit

/// Verifies JSON Web Tokens (RFC 7519) that clients show as `Proxy-Authorization: Bearer`: signed by one of its keys, by the
/// rules, and not past their end.
///
/// A proof is remembered no longer than its token holds.
public struct JWTAuthenticator: Authenticator {
    private let keys: JWTKeys
    private let rules: JWTRules
    private let now: @Sendable () -> Double
    /// Bearer.
    public let challenges: [String]

    /// Makes an authenticator.
    ///
    /// - Parameter realm: what a client is told.
    public init(keys: JWTKeys, rules: JWTRules, realm: String = "apus") {
        self.init(keys: keys, rules: rules, realm: realm) { Double(SystemInfo.unixMicroseconds()) / 1_000_000 }
    }

    /// - Parameter now: the seconds since 1970.
    init(keys: JWTKeys, rules: JWTRules, realm: String = "apus", now: @escaping @Sendable () -> Double) {
        self.keys = keys
        self.rules = rules
        self.now = now
        challenges = [Challenge.bearer(realm: realm)]
    }

    public func authenticate(_ credentials: ProxyCredentials, from client: IPAddress) async -> Authentication {
        guard case .bearer(let token) = credentials,
            let header = try? DefaultJWTParser().parse(token.bytes, as: TokenClaims.self).header,
            // What a header says to be critical nothing here understands (RFC 7515 §4.1.11).
            header.fields["crit"] == nil
        else { return .invalid }
        for collection in keys.candidates(header.kid) {
            guard let claims = try? await collection.verify(token.bytes, as: TokenClaims.self) else { continue }
            return claims.judged(by: rules, now: now())
        }
        return .invalid
    }
}
