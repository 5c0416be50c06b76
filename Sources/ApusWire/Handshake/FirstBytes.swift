/// What the first bytes of a connection say of the protocol that its client speaks.
///
/// None of these protocols has bytes in front that another one could have, so a byte or a few decide. Only what the client has said itself
/// is looked at: nothing is guessed from silence.
public enum FirstBytes: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// No byte yet, or the front of more than one protocol.
    case incomplete
    /// A request of HTTP/1, or empty lines in front of one.
    case http
    /// A request of SOCKS 4 or 4a.
    case socks4
    /// The greeting of SOCKS 5 (RFC 1928 §3).
    case socks5
    /// A TLS record of the handshake (RFC 8446 §5.1).
    case tls
    /// The preface of HTTP/2 with prior knowledge (RFC 9113 §3.4).
    case http2
    /// The identification of SSH (RFC 4253 §4.2).
    case ssh
    /// A header of the PROXY protocol, version 1: text.
    case proxyV1
    /// One of version 2: binary.
    case proxyV2
    /// Nothing of these.
    case unknown

    /// Looks at all that the client has sent so far.
    public init(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty else {
            self = .incomplete
            return
        }
        switch bytes[0] {
        case 4: self = .socks4
        case 5: self = .socks5
        case 0x16: self = bytes.count > 1 && bytes[1] > 15 ? .unknown : .tls
        case UInt8(ascii: "P"): self = FirstBytes.behindP(bytes)
        case UInt8(ascii: "S"): self = FirstBytes.matching(FirstBytes.sshIdentification, bytes, .ssh) ?? .http
        case Ascii.cr, Ascii.lf:
            self = FirstBytes.matching(FirstBytes.proxySignature, bytes, .proxyV2) ?? .http
        default: self = ByteClass.isToken(bytes[0]) ? .http : .unknown
        }
    }

    /// `PRI` and `PROXY` could be methods of HTTP by their letters; what follows them could not be its target.
    private static func behindP(_ bytes: Span<UInt8>) -> FirstBytes {
        let http2 = matching(http2Preface, bytes, .http2)
        let tcp = matching(proxyTCP, bytes, .proxyV1)
        let unknown = matching(proxyUnknown, bytes, .proxyV1)
        if http2 == .http2 { return .http2 }
        if tcp == .proxyV1 || unknown == .proxyV1 { return .proxyV1 }
        return http2 ?? tcp ?? unknown ?? .http
    }

    /// What it is by a beginning: that meaning, not to be said yet, or nil where the bytes differ.
    static func matching(_ beginning: StaticString, _ bytes: Span<UInt8>, _ meaning: FirstBytes) -> FirstBytes? {
        var at = 0
        for byte in beginning.description.utf8 {
            guard at < bytes.count else { return .incomplete }
            guard bytes[at] == byte else { return nil }
            at += 1
        }
        return meaning
    }

    /// As far as no request of HTTP/1 could go: its version is another.
    private static let http2Preface: StaticString = "PRI * HTTP/2"
    private static let proxyTCP: StaticString = "PROXY TCP"
    private static let proxyUnknown: StaticString = "PROXY UNKNOWN"
    private static let sshIdentification: StaticString = "SSH-"
    /// The first twelve bytes of a header of version 2.
    static let proxySignature: StaticString = "\r\n\r\n\0\r\nQUIT\n"
}
