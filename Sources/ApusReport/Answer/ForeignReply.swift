public import ApusWire

/// What the sender of another protocol can read, where this proxy cannot serve it.
public enum ForeignReply {
    /// The bytes for a fault; nil where an answer of HTTP is as good as any.
    public static func bytes(_ fault: RequestFault) -> [UInt8]? {
        switch fault {
        case .tlsRecord: alert
        case .http2Preface: goAway
        case .sshIdentification:
            Array("This is a proxy for HTTP and SOCKS, not a host that SSH could log in to.\r\n".utf8)
        default: nil
        }
    }

    /// A fatal alert, handshake_failure (RFC 8446 §6): no set of parameters would do.
    private static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 40]

    /// The preface of a server, which is SETTINGS (RFC 9113 §3.4), and GOAWAY with HTTP_1_1_REQUIRED: no stream was served (§6.8, §7).
    private static let goAway: [UInt8] =
        [0, 0, 0, 4, 0, 0, 0, 0, 0] + [0, 0, 8, 7, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 13]
}
