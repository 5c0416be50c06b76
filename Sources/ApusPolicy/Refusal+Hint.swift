extension Refusal {
    /// What would allow it, naming the setting; empty if nothing would. Only for the log and for local clients:
    /// a remote one is not told how to lift a rule.
    public var hint: Hint {
        switch self {
        case .announcerNotAllowed:
            "`proxy-protocol` in that entry of `listen` names who may connect there: the balancers that announce clients."
        case .clientNotAllowed: "\(.allowFrom, showsValue: true) names the clients that may use this listener."
        case .protocolNotServed: "`protocols` in that entry of `listen` names what its clients may speak."
        case .connectPort: "\(.connectPorts) names the ports that CONNECT may reach: a list such as 443,8443, or all."
        case .loopback, .privateUse, .uniqueLocal, .sharedAddressSpace:
            "\(.allowPrivate) lifts this for all private networks and loopback, \(.allowTo, showsValue: true) for single blocks."
        case .singleLabelName:
            "\(.allowPrivate) lifts this, or `private: true` in the rule; `connect-by: address` has the name looked up here."
        case .denied, .rule, .ownListener: ""
        case .policyTimeout: "Try again; \(.policyTimeout) sets how long it may take."
        case .credentialsMissing:
            "Give curl -U USER beside -x PROXY, and it asks for the password; browsers ask by themselves."
        case .credentialsInvalid:
            "Check the name and the password, or the token; Basic credentials are UTF-8 in base64."
        case .credentialsThrottled:
            "Wait as long as Retry-After says; a wrong password may be stored in a program here."
        case .authenticatorUnavailable, .policyUnavailable:
            "Try again; if it happens again, the log has the reason under the id below."
        case .authenticationTimeout: "\(.authenticationTimeout) sets how long it may take."
        case .serverNameMismatch, .serverNameDenied, .clientHelloMalformed:
            "\(.sniMode, "report") lets it pass and only records it."
        case .serverNameMissing:
            "\(.sniMissing, "allow"), or \(.sniDenialsMissing) where no rule by name allowed it, lets clients pass that name no host."
        case .serverNameEncrypted:
            "\(.sniEncrypted, "allow"), or \(.sniDenialsEncrypted) where no rule by name allowed it, judges by the outer name alone."
        case .tunnelNotTLS: "`tls: any` in the rule that allows the tunnel lets other protocols pass."
        case .plainTunnel:
            "`tls: any` opens it, in the first rule that takes this host and port, if that allows all requests there and changes none."
        case .clientHelloTooLarge: "\(.sniLimit) sets how large it may be."
        case .clientHelloLate: "\(.sniTime) sets how long it may take."
        case .clientConnectionLimit: "\(.connectionsPerClient) sets how many one client may have."
        case .connectionLimit: "\(.connections) sets how many there may be."
        case .tunnelLimit: "\(.tunnels) sets how many there may be."
        case .originConnectionLimit: "\(.connectionsPerOrigin) sets how many there may be."
        case .requestRateLimit: "requests in a limit rule of the policy sets how many may come."
        case .userConnectionLimit: "connections in a limit rule of the policy sets how many may run."
        case .userTunnelLimit: "tunnels in a limit rule of the policy sets how many may be open."
        case .volumeLimit: "volume in a limit rule of the policy sets how much may pass."
        case .usageTableFull: "Limit rules with by: rule need no room for each user or client."
        default: "\(.allowTo, showsValue: true) lifts this for single blocks."
        }
    }
}
