/// What a JSON Web Token must say to be taken (RFC 7519 §4.1, RFC 8725 §3).
public struct JWTRules: Sendable, Hashable {
    /// Who must have issued it: `iss`, compared as it stands; nil for anybody whose key is there.
    public var issuer: String?
    /// For whom it must be: one of these in `aud`; empty for anybody. Then a token that was issued for another service is taken
    /// here, and that service could use what it is shown (RFC 8725 §3.9).
    public var audiences: Set<String>
    /// The claim that names the user: `sub`.
    public var userClaim: String
    /// The claim that names the user's groups: a list of texts, or one text of words: `groups`; nil for
    /// none. Rules name them as `group:NAME`, beside those that the policy knows itself.
    public var groupsClaim: String?
    /// How far clocks may differ where `exp` and `nbf` are judged: 30 s.
    public var leeway: Duration

    /// Makes rules.
    public init(
        issuer: String?,
        audiences: Set<String>,
        userClaim: String = "sub",
        groupsClaim: String? = "groups",
        leeway: Duration = .seconds(30)
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.userClaim = userClaim
        self.groupsClaim = groupsClaim
        self.leeway = leeway
    }
}
