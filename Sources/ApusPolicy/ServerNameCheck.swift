package import ApusWire

/// Whether the name inside a tunnel may be there: see ``Measure`` for what it is held against.
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

    /// What the name inside a tunnel is held against.
    public enum Measure: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// Nothing: the tunnel is not looked into.
        case nothing
        /// The host of CONNECT: a rule that names hosts allowed the tunnel.
        case host
        /// The same, but it need not be TLS: the rule says so (`tls: any`), or the settings.
        case hostOrPlain
        /// The rules, which are asked again with this name in the host's place: another rule allowed the tunnel, and one that denies
        /// by name could take this client and port. The inside can only take away, never give.
        case rules
        /// The same where only rules that report could: nothing is refused.
        case reportingRules
        /// Nothing, but it has to be TLS: the rule that allowed it does not say `tls: any`, or one in front of it that reads requests (by
        /// path, by method, to change fields) could take plain ones to this host and port, and sees none of a tunnel.
        case nothingInTLS
        /// The rules, and it has to be TLS.
        case rulesInTLS

        /// Whether it has to be TLS whatever the settings say of names that are held against rules.
        public var needsTLS: Bool { self == .nothingInTLS || self == .rulesInTLS }

        /// Whether the rules are asked about the name, and refuse it.
        public var refuses: Bool { self == .rules || self == .rulesInTLS }

        /// The same for a tunnel that has to be TLS.
        package var inTLS: Measure {
            switch self {
            case .nothing, .nothingInTLS: .nothingInTLS
            case .rules, .reportingRules, .rulesInTLS: .rulesInTLS
            case .host, .hostOrPlain: .host
            }
        }

        /// The same for a tunnel that need not be TLS.
        package var orPlain: Measure { self == .host ? .hostOrPlain : self }
    }

    /// Why CONNECT may not open a tunnel that hides plain requests: see ``Decision/hidesRequests``; nil if it may.
    package func refusal(of decision: Decision) -> Refusal? {
        decision.hidesRequests && mode == .enforce && notTLS == .deny ? .plainTunnel : nil
    }

    /// What becomes of what has no name, where that is held against the rules.
    public struct Unnamed: Sendable, Hashable, BitwiseCopyable {
        /// A ClientHello without a name. Allowed: a client that goes to an address has none to send (RFC 6066 §3).
        public var missing = Handling.allow
        /// A ClientHello with an encrypted one inside (RFC 9849). Its outer name is held against the rules either way.
        public var encrypted = Handling.allow
        /// Whatever is not TLS. Allowed: rules that deny by name say nothing of protocols.
        public var notTLS = Handling.allow

        /// All of it allowed.
        public init() {}
    }

    /// What the check says of a tunnel.
    public enum Outcome: Sendable, Hashable, BitwiseCopyable {
        /// It is what it should be.
        case pass
        /// It is not, and ends.
        case refuse(Refusal)
        /// It is not, and passes; the record tells.
        case report(Refusal)
        /// It passes although no name could be judged; the record tells why.
        case unjudged(Refusal)
    }

    /// What becomes of a tunnel that is not what it should be.
    public var mode = Mode.enforce
    /// A ClientHello without a name. Denied: every client of today sends one (RFC 8446 §9.2), and leaving it out would be the way
    /// around the check. A host that is an address has no name to send (RFC 6066 §3): there it always passes.
    public var missing = Handling.deny
    /// A ClientHello with an encrypted one inside (RFC 9849). Its outer name is judged either way; the inner one is seen by nobody.
    /// Allowed: browsers send an encrypted part that means nothing with every ClientHello (GREASE), which looks the same.
    public var encrypted = Handling.allow
    /// Whatever is not TLS in a tunnel whose rule does not say (``Permission/tls``). Denied: plain HTTP passes by whatever rules say of
    /// requests, and names its host in a field that is as easily another one.
    public var notTLS = Handling.deny
    /// What becomes of what has no name, where that would be held against the rules.
    public var denials = Unnamed()

    /// Enforced, and strict where clients of today have no need of less.
    public init() {}

    /// Judges what the client has said first.
    ///
    /// - Parameters:
    ///   - reading: what stands at the front of its bytes; `incomplete` where its time is over.
    ///   - host: of CONNECT, in lower case, without a trailing dot.
    ///   - isAddress: whether that host is an address literal.
    ///   - takesPlain: whether what is not TLS passes; nil where no rule says, so that ``notTLS`` does.
    package func judge(
        _ reading: ClientHello.Reading,
        host: Span<UInt8>,
        isAddress: Bool = false,
        takesPlain: Bool? = nil
    ) -> Outcome {
        let takesPlain = takesPlain ?? (notTLS == .allow)
        guard mode != .off, let refusal = refusal(reading, host, isAddress, takesPlain) else { return .pass }
        return outcome(of: refusal)
    }

    /// Judges what the client has said first where its name is held against the rules.
    ///
    /// - Parameters:
    ///   - reading: what stands at the front of its bytes; `incomplete` where its time is over.
    ///   - isDenied: whether the rules refuse the name that the reading has; see
    ///     ``CompiledPolicy/decideInside(_:name:host:allowedBy:scratch:)``.
    ///   - measure: what the name is held against.
    package func judge(_ reading: ClientHello.Reading, isDenied: Bool, by measure: Measure) -> Outcome {
        guard mode != .off else { return .pass }
        let refusal: Refusal
        switch reading {
        case .incomplete: refusal = .clientHelloLate
        case .malformed(let fault): refusal = ServerNameCheck.refusal(fault)
        case .hello where isDenied: refusal = .serverNameDenied
        case .notTLS:
            guard denials.notTLS == .deny || measure.needsTLS else { return .unjudged(.tunnelNotTLS) }
            refusal = .tunnelNotTLS
        case .hello where measure == .nothingInTLS: return .pass
        case .hello(let hello):
            if !hello.hasName, denials.missing == .deny {
                refusal = .serverNameMissing
            } else if hello.isEncrypted, denials.encrypted == .deny {
                refusal = .serverNameEncrypted
            } else if !hello.hasName {
                return .unjudged(.serverNameMissing)
            } else {
                return hello.isEncrypted ? .unjudged(.serverNameEncrypted) : .pass
            }
        }
        return outcome(of: refusal, onlyReports: measure == .reportingRules)
    }

    /// What a reason to refuse comes to.
    public func outcome(of refusal: Refusal, onlyReports: Bool = false) -> Outcome {
        switch mode {
        case .off: .pass
        case .report: .report(refusal)
        case .enforce: onlyReports ? .report(refusal) : .refuse(refusal)
        }
    }

    private static func refusal(_ fault: ClientHelloFault) -> Refusal {
        switch fault {
        case .tooLarge, .tooManyRecords: .clientHelloTooLarge
        default: .clientHelloMalformed
        }
    }

    private func refusal(
        _ reading: ClientHello.Reading,
        _ host: Span<UInt8>,
        _ isAddress: Bool,
        _ takesPlain: Bool
    ) -> Refusal? {
        switch reading {
        case .incomplete: return .clientHelloLate
        case .notTLS: return takesPlain ? nil : .tunnelNotTLS
        case .malformed(let fault): return ServerNameCheck.refusal(fault)
        case .hello(let hello):
            if hello.hasName, !hello.asks(for: host) { return .serverNameMismatch }
            if !hello.hasName, !isAddress, missing == .deny { return .serverNameMissing }
            return hello.isEncrypted && encrypted == .deny ? .serverNameEncrypted : nil
        }
    }
}
