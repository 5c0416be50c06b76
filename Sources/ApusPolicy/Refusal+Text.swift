extension Refusal {
    /// A bounded name for `apus_denied_total{reason}` and for logs, unique to the reason.
    public var metricLabel: StaticString {
        switch self {
        case .clientNotAllowed: "client_not_allowed"
        case .announcerNotAllowed: "announcer_not_allowed"
        case .connectPort: "connect_port"
        case .denied: "policy"
        case .ownListener: "own_listener"
        case .policyTimeout: "policy_timeout"
        case .policyUnavailable: "policy_unavailable"
        case .credentialsMissing: "credentials_missing"
        case .credentialsInvalid: "credentials_invalid"
        case .credentialsThrottled: "credentials_throttled"
        case .authenticatorUnavailable: "authenticator_unavailable"
        case .authenticationTimeout: "authentication_timeout"
        case .metadata: "metadata"
        case .clientConnectionLimit: "client_connection_limit"
        case .connectionLimit: "connection_limit"
        case .originConnectionLimit: "origin_connection_limit"
        case .tunnelLimit: "tunnel_limit"
        case .rule: "rule"
        case .requestRateLimit: "request_rate_limit"
        case .userConnectionLimit: "user_connection_limit"
        case .userTunnelLimit: "user_tunnel_limit"
        case .volumeLimit: "volume_limit"
        case .usageTableFull: "usage_table_full"
        case .serverNameMismatch: "server_name_mismatch"
        case .serverNameDenied: "server_name_denied"
        case .serverNameMissing: "server_name_missing"
        case .serverNameEncrypted: "server_name_encrypted"
        case .tunnelNotTLS: "tunnel_not_tls"
        case .plainTunnel: "plain_tunnel"
        case .clientHelloMalformed: "client_hello_malformed"
        case .clientHelloTooLarge: "client_hello_too_large"
        case .clientHelloLate: "client_hello_late"
        default: addressClass?.label ?? "address"
        }
    }

    /// What is refused, in plain English, for the answer's body; it tells nothing of the settings.
    public var sentence: StaticString {
        switch self {
        case .clientNotAllowed: "This client is not allowed to use this proxy."
        case .announcerNotAllowed: "This client is not allowed to connect to this port of the proxy."
        case .connectPort: "CONNECT to this port is not allowed."
        case .denied: "The policy of this proxy denies the request."
        case .ownListener: "The destination is this proxy itself."
        case .policyTimeout: "The policy of this proxy did not decide in time."
        case .policyUnavailable: "The policy of this proxy cannot decide at the moment."
        case .credentialsMissing: "This proxy asks for credentials."
        case .credentialsInvalid: "The credentials for this proxy are not valid."
        case .credentialsThrottled: "Too many credentials from this client were not valid; it has to wait."
        case .authenticatorUnavailable: "The credentials cannot be verified at the moment."
        case .authenticationTimeout: "The credentials could not be verified in time."
        case .metadata: "The address is that of a cloud's metadata service, which gives out credentials."
        case .clientConnectionLimit: "This client has too many connections open."
        case .connectionLimit: "Too many connections are open."
        case .originConnectionLimit: "Too many connections to the host are open."
        case .tunnelLimit: "Too many tunnels are open."
        case .rule: "A rule of this proxy's policy refuses this."
        case .requestRateLimit: "Requests come faster than a limit of this proxy allows."
        case .userConnectionLimit: "As many requests and tunnels run as a limit of this proxy allows."
        case .userTunnelLimit: "As many tunnels are open as a limit of this proxy allows."
        case .volumeLimit: "As much has been transferred as a limit of this proxy allows in this period."
        case .usageTableFull: "The limits of this proxy have no room to count for anybody else."
        case .serverNameMismatch: "The TLS ClientHello in the tunnel names another host than CONNECT did."
        case .serverNameDenied: "The TLS ClientHello in the tunnel names a host that the policy of this proxy refuses."
        case .serverNameMissing: "The TLS ClientHello in the tunnel names no host."
        case .serverNameEncrypted: "The TLS ClientHello in the tunnel is encrypted."
        case .tunnelNotTLS: "What the client sends through the tunnel is not TLS."
        case .plainTunnel:
            "Plain HTTP goes by whole URLs, not through a tunnel to port 80: Node's fetch (undici) needs proxyTunnel: false."
        case .clientHelloMalformed: "The TLS ClientHello in the tunnel is malformed."
        case .clientHelloTooLarge: "The TLS ClientHello in the tunnel is too large."
        case .clientHelloLate: "The TLS ClientHello in the tunnel took too long to arrive."
        default: addressClass?.sentence ?? "The address is not globally reachable."
        }
    }

    /// What would allow it, naming the setting; empty if nothing would. Only for the log and for local clients:
    /// a remote one is not told how to lift a rule.
    public var hint: StaticString {
        switch self {
        case .announcerNotAllowed:
            "`proxy-protocol` in that entry of `listen` names who may connect there: the balancers that announce clients."
        case .clientNotAllowed: "--allow-from CIDR names the clients that may use this listener."
        case .connectPort: "--connect-ports names the ports that CONNECT may reach: a list such as 443,8443, or all."
        case .loopback, .privateUse, .uniqueLocal, .sharedAddressSpace:
            "--allow-private lifts this for all private networks and loopback, --allow-to CIDR for single blocks."
        case .denied, .rule, .ownListener: ""
        case .policyTimeout: "Try again; --timeout-policy sets how long it may take."
        case .credentialsMissing:
            "Give curl -U USER beside -x PROXY, and it asks for the password; browsers ask by themselves."
        case .credentialsInvalid:
            "Check the name and the password, or the token; Basic credentials are UTF-8 in base64."
        case .credentialsThrottled:
            "Wait as long as Retry-After says; a wrong password may be stored in a program here."
        case .authenticatorUnavailable, .policyUnavailable:
            "Try again; if it happens again, the log has the reason under the id below."
        case .authenticationTimeout: "--timeout-authentication sets how long it may take."
        case .serverNameMismatch, .serverNameDenied, .clientHelloMalformed:
            "--sni report lets it pass and only records it."
        case .serverNameMissing:
            "--sni-missing allow, or --sni-denials-missing where no rule by name allowed it, lets clients pass that name no host."
        case .serverNameEncrypted:
            "--sni-encrypted allow, or --sni-denials-encrypted where no rule by name allowed it, judges by the outer name alone."
        case .tunnelNotTLS: "`tls: any` in the rule that allows the tunnel lets other protocols pass."
        case .plainTunnel:
            "`tls: any` opens it, in the first rule that takes this host and port, if that allows all requests there and changes none."
        case .clientHelloTooLarge: "--max-client-hello sets how large it may be."
        case .clientHelloLate: "--timeout-client-hello sets how long it may take."
        case .clientConnectionLimit: "--max-connections-per-client sets how many one client may have."
        case .connectionLimit: "--max-connections sets how many there may be."
        case .tunnelLimit: "--max-tunnels sets how many there may be."
        case .originConnectionLimit: "--max-connections-per-origin sets how many there may be."
        case .requestRateLimit: "requests in a limit rule of the policy sets how many may come."
        case .userConnectionLimit: "connections in a limit rule of the policy sets how many may run."
        case .userTunnelLimit: "tunnels in a limit rule of the policy sets how many may be open."
        case .volumeLimit: "volume in a limit rule of the policy sets how much may pass."
        case .usageTableFull: "Limit rules with by: rule need no room for each user or client."
        default: "--allow-to CIDR lifts this for single blocks."
        }
    }
}
