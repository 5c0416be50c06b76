internal import ApusPolicy
public import ApusWire

/// A request as it was seen, with how it ended: what a policy is learned from.
public struct ObservedRequest: Sendable, Hashable {
    /// How it ended.
    public enum Outcome: Sendable, Hashable {
        /// The origin answered, whatever it said; a tunnel stood.
        case served
        /// Nothing refused it, but the origin was not reached or did not answer; the label of the fault.
        case failed(String)
        /// A rule, the guard or a cap refused it; the rule's name, or the label of the refusal.
        case denied(String)
    }

    /// Whether it asked for a tunnel, by CONNECT; else it was plain.
    public var isTunnel: Bool
    /// The host in lower case without trailing dot and brackets.
    public var host: String
    /// The port.
    public var port: UInt16
    /// The method.
    public var method: String
    /// The user's name; nil if no credentials were asked for.
    public var user: String?
    /// Whether the address that answered is one of those that `private: true` opens.
    public var isPrivate: Bool
    /// Whether it was a tunnel that held another protocol than TLS, as far as that is known.
    public var isPlainTunnel: Bool
    /// The address that answered, where it is that of a cloud's metadata service: no rule opens that but one that names it.
    public var metadataService: IPAddress?
    /// How it ended.
    public var outcome: Outcome

    /// Makes a request.
    public init(
        _ method: String,
        isTunnel: Bool,
        host: String,
        port: UInt16,
        user: String? = nil,
        isPrivate: Bool = false,
        isPlainTunnel: Bool = false,
        metadataService: IPAddress? = nil,
        outcome: Outcome = .served
    ) {
        self.isTunnel = isTunnel
        self.host = host
        self.port = port
        self.method = method
        self.user = user
        self.isPrivate = isPrivate
        self.isPlainTunnel = isPlainTunnel
        self.metadataService = metadataService
        self.outcome = outcome
    }
}

extension ObservedRequest: CustomStringConvertible {
    /// `CONNECT example.org:443 by anna`.
    public var description: String {
        let name = host.utf8.contains(0x3a) ? "[\(host)]" : host
        return "\(method) \(name):\(port)\(user.map { " by \($0)" } ?? "")"
    }
}
