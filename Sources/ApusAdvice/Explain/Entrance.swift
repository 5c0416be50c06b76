package import ApusPolicy
package import ApusWire

/// Where a client comes in. Whether it is served there at all is asked before the rules are.
public struct Entrance: Sendable, Hashable {
    /// Why a client is served, or is not.
    public enum Admission: String, Sendable, Hashable {
        /// It is on this machine, and so is the listener.
        case loopback
        /// `allow-from` covers it.
        case allowFrom = "allow_from"
        /// An allow rule could serve it: its `from` covers the client, or it names users and has no `from`.
        case rules
        /// Nothing covers it; everybody has to show credentials here, and with valid ones it is served.
        case credentials
        /// Nothing covers it.
        case refused
    }

    /// The listener, as it is written in `listen`.
    public var listener: String
    /// Whether that is a loopback address.
    public var isLoopback: Bool
    /// Whether everybody has to show credentials, whatever the rules say.
    public var requiresCredentials: Bool

    /// Makes an entrance.
    public init(listener: String, isLoopback: Bool, requiresCredentials: Bool) {
        self.listener = listener
        self.isLoopback = isLoopback
        self.requiresCredentials = requiresCredentials
    }

    /// Whether a client is served, and why.
    package func admission(of client: IPAddress, _ policy: PolicyRules, _ access: AccessRules) -> Admission {
        if access.admit(client: client, listenerIsLoopback: isLoopback) == nil {
            return isLoopback && client.isLoopback ? .loopback : .allowFrom
        }
        if policy.mayAdmit(client) { return .rules }
        return requiresCredentials ? .credentials : .refused
    }
}

extension Entrance.Admission {
    /// As half a sentence.
    var words: String {
        switch self {
        case .loopback: "served, for both are this machine's"
        case .allowFrom: "served, for allow-from covers it"
        case .rules: "served, for an allow rule could cover it"
        case .credentials: "served with valid credentials alone, for allow-from does not cover it"
        case .refused: "not served, for neither allow-from nor the from or user of an allow rule covers it"
        }
    }
}
