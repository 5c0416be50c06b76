public import Apus
public import ApusPolicy
public import ApusWire

/// Several authenticators as one: the first that knows the credentials tells whose they are.
public struct AuthenticatorList: Authenticator {
    private let all: [any Authenticator]
    /// Those of all, each once, in their order.
    public let challenges: [String]

    /// Makes a list; who is asked first stands first.
    public init(_ all: [any Authenticator]) {
        self.all = all
        challenges = all.flatMap(\.challenges).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The first user that is found. When there is none, and one of them could not tell, nobody can.
    public func authenticate(_ credentials: ProxyCredentials, from client: IPAddress) async -> Authentication {
        var answer = Authentication.invalid
        for authenticator in all {
            switch await authenticator.authenticate(credentials, from: client) {
            case .user(let name, let groups, let lifetime): return .user(name, groups: groups, lifetime: lifetime)
            case .invalid: break
            case .unavailable(let reason): answer = .unavailable(reason: reason)
            }
        }
        return answer
    }
}
