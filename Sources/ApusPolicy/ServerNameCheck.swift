public import ApusWire

/// Whether the name inside a tunnel is the one that CONNECT asked for.
///
/// Rules decide by the host of CONNECT, and a host that serves many names answers for any of them: a client that says one name to
/// the proxy and another one to the host reaches what no rule allows (domain fronting). Nothing is decrypted: a TLS client says in
/// its first message, in the clear, which host it wants (RFC 6066 §3).
public struct ServerNameCheck: Sendable, Hashable, BitwiseCopyable {
    /// What becomes of a tunnel that is not what it should be.
    public enum Mode: String, Sendable, CaseIterable, BitwiseCopyable {
        /// Nothing is looked at.
        case off
        /// It passes, and its record says what would have been.
        case report
        /// It ends before a byte of the client has been passed on.
        case enforce
    }

    /// What becomes of what has no name to be judged by.
    public enum Handling: String, Sendable, CaseIterable, BitwiseCopyable {
        /// It passes.
        case allow
        /// It is refused as another name would be.
        case deny
    }

    /// What the check says of a tunnel.
    public enum Outcome: Sendable, Hashable, BitwiseCopyable {
        /// It is what it should be.
        case pass
        /// It is not, and ends.
        case refuse(Refusal)
        /// It is not, and passes; the record tells.
        case report(Refusal)
    }

    /// What becomes of a tunnel that is not what it should be.
    public var mode = Mode.enforce
    /// A ClientHello without a name. Denied: every client of today sends one (RFC 8446 §9.2), and leaving it out would be the way
    /// around the check. A host that is an address has no name to send (RFC 6066 §3): there it always passes.
    public var missing = Handling.deny
    /// A ClientHello with an encrypted one inside (RFC 9849). Its outer name is judged either way; the inner one is seen by nobody.
    /// Allowed: browsers send an encrypted part that means nothing with every ClientHello (GREASE), which looks the same.
    public var encrypted = Handling.allow
    /// Whatever is not TLS. Denied: plain HTTP names its host in a field that is as easily another one.
    public var notTLS = Handling.deny

    /// Enforced, and strict where clients of today have no need of less.
    public init() {}

    /// Judges what the client has said first.
    ///
    /// - Parameters:
    ///   - reading: what stands at the front of its bytes; `incomplete` where its time is over.
    ///   - host: of CONNECT, in lower case, without a trailing dot.
    ///   - isAddress: whether that host is an address literal.
    public func judge(_ reading: ClientHello.Reading, host: Span<UInt8>, isAddress: Bool = false) -> Outcome {
        guard mode != .off, let refusal = refusal(reading, host, isAddress) else { return .pass }
        return mode == .report ? .report(refusal) : .refuse(refusal)
    }

    private func refusal(_ reading: ClientHello.Reading, _ host: Span<UInt8>, _ isAddress: Bool) -> Refusal? {
        switch reading {
        case .incomplete: return .clientHelloLate
        case .notTLS: return notTLS == .deny ? .tunnelNotTLS : nil
        case .malformed(.tooLarge), .malformed(.tooManyRecords): return .clientHelloTooLarge
        case .malformed: return .clientHelloMalformed
        case .hello(let hello):
            if hello.hasName, !hello.asks(for: host) { return .serverNameMismatch }
            if !hello.hasName, !isAddress, missing == .deny { return .serverNameMissing }
            return hello.isEncrypted && encrypted == .deny ? .serverNameEncrypted : nil
        }
    }
}
