public import Apus
public import ApusPolicy
public import ApusWire

/// Verifies passwords and static tokens of a ``UserFile``.
///
/// A password of nobody costs what the costliest password of the file does, so that the time of an answer does not tell which
/// names there are (CWE-208).
public struct UserAuthenticator: Authenticator {
    private struct User: Sendable {
        /// As the file spells it.
        let name: String
        let hash: PasswordHash
    }

    /// By name, byte by byte.
    private let users: [ExactName: User]
    private let tokens: [(hash: TokenHash, user: String)]
    /// What a password of nobody is compared with.
    private let decoy: PasswordHash?
    private let verifier: PasswordVerifier
    /// Basic where there are passwords, Bearer where there are tokens; Basic where there is neither.
    public let challenges: [String]

    /// Makes an authenticator.
    ///
    /// - Parameters:
    ///   - realm: what browsers show when they ask.
    ///   - settings: how many passwords are verified at a time.
    public init(_ file: UserFile, realm: String = "apus", settings: VerifierSettings = VerifierSettings()) {
        self.init(file, realm: realm, verifier: PasswordVerifier(settings))
    }

    init(_ file: UserFile, realm: String = "apus", verifier: PasswordVerifier) {
        users = file.passwords.reduce(into: [:]) { $0[ExactName($1.key)] = User(name: $1.key, hash: $1.value) }
        tokens = file.tokens
        decoy = file.passwords.values.max { $0.cost < $1.cost }
        self.verifier = verifier
        var challenges: [String] = []
        if !users.isEmpty || tokens.isEmpty { challenges.append(Challenge.basic(realm: realm)) }
        if !tokens.isEmpty { challenges.append(Challenge.bearer(realm: realm)) }
        self.challenges = challenges
    }

    public func authenticate(_ credentials: ProxyCredentials, from client: IPAddress) async -> Authentication {
        switch credentials {
        case .basic(let name, let password): await verify(name, password, client)
        case .bearer(let token): verify(token)
        }
    }

    private func verify(_ name: String, _ password: Secret, _ client: IPAddress) async -> Authentication {
        let user = users[ExactName(name)]
        guard let hash = user?.hash ?? decoy else { return .invalid }
        switch await verifier.verify(password, against: hash.text, from: client) {
        case .right: return user.map { .user($0.name) } ?? .invalid
        case .wrong: return .invalid
        case .busy: return .unavailable(reason: "too many passwords wait to be verified")
        case .failed(let code):
            return .unavailable(reason: "the system cannot verify a \(hash): \(SystemText.describe(code))")
        }
    }

    /// All tokens are looked at, whichever it is.
    private func verify(_ token: Secret) -> Authentication {
        let hash = TokenHash(hashing: token)
        var found: String?
        for entry in tokens where entry.hash == hash { found = entry.user }
        return found.map { .user($0) } ?? .invalid
    }
}
