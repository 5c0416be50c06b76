public import ApusWire

extension Refusal {
    /// The RFC 9209 type that Proxy-Status bears.
    public var proxyErrorType: ProxyErrorType {
        switch self {
        case .clientNotAllowed, .announcerNotAllowed, .protocolNotServed, .connectPort, .denied, .rule,
            .requestRateLimit, .volumeLimit,
            .credentialsMissing, .credentialsInvalid, .credentialsThrottled,
            .serverNameMismatch, .serverNameDenied, .serverNameMissing, .serverNameEncrypted, .tunnelNotTLS,
            .plainTunnel,
            .clientHelloMalformed, .clientHelloTooLarge, .clientHelloLate:
            .httpRequestDenied
        case .policyTimeout, .policyUnavailable, .authenticatorUnavailable, .authenticationTimeout: .proxyInternalError
        case .clientConnectionLimit, .connectionLimit, .tunnelLimit, .originConnectionLimit, .userConnectionLimit,
            .userTunnelLimit, .usageTableFull:
            .connectionLimitReached
        default: .destinationIPProhibited
        }
    }
}
