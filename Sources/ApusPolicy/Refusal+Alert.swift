extension Refusal {
    /// What tells a TLS client why its tunnel ends: a fatal alert in a record of its own (RFC 8446 §5.1, §6). Nil where the
    /// refusal is not about a ClientHello, or there is no client that would understand it.
    ///
    /// It comes from the proxy and not from the host, which no client can tell: nothing is protected before a ServerHello.
    public var alert: [UInt8]? {
        let description: UInt8
        switch self {
        // unrecognized_name (RFC 6066 §3)
        case .serverNameMismatch, .serverNameDenied: description = 112
        // missing_extension: what RFC 8446 §9.2 asks of servers that need a name
        case .serverNameMissing: description = 109
        // decode_error
        case .clientHelloMalformed: description = 50
        // access_denied
        case .serverNameEncrypted, .clientHelloTooLarge, .clientHelloLate: description = 49
        default: return nil
        }
        return [21, 3, 3, 0, 2, 2, description]
    }
}
