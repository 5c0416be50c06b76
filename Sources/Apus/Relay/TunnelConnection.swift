internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// A tunnel and its two sockets: small, for there may be many, and most of them are idle; so the fields are in the order that wastes no
/// byte. It has 208.
struct TunnelConnection: BitwiseCopyable {
    let client: Token
    let upstream: Token
    /// Whose it is.
    let address: ClientAddress
    let listener: UInt16
    /// Whether it came from CONNECT.
    let isConnect: Bool
    /// What the check of its ClientHello would have refused it for, or why it could not judge it: ``inside`` tells which.
    var reported: Refusal?
    let origin: OriginIndex
    var notes: StreamInfo
    /// What is held for it, as for the client's connection before.
    var holds: TunnelHolds
    /// The words of its record, while anybody reads records or the ClientHello is not judged yet.
    var words = TunnelTextTable.none
    /// How many bytes of the client are held.
    var held: UInt32 = 0
    /// While the name inside is to be held against the rules, when they decided about the outside, in seconds since 1970; then ``last``.
    var number: UInt32 = 0
    var inside = Inside.settled
    var tunnel: Tunnel

    /// How far the name inside has come.
    enum Inside: UInt8, BitwiseCopyable {
        /// It is to be the host of CONNECT.
        case host
        /// The same, or no TLS at all.
        case hostOrPlain
        /// It is to be held against the rules; against such as only report.
        case rules
        case reportingRules
        case rulesInTLS
        /// It may be any, but in TLS.
        case nothingInTLS
        /// There was none that could be held against the rules.
        case unjudged
        /// It has to be in TLS, and what came instead was refused: it looks like a request of HTTP; like one by HEAD.
        case request
        case headRequest
        /// All else.
        case settled
    }

    /// What the rules are still to be asked about the name inside.
    var rulesMeasure: ServerNameCheck.Measure {
        switch inside {
        case .rules: .rules
        case .reportingRules: .reportingRules
        case .rulesInTLS: .rulesInTLS
        case .host, .hostOrPlain, .nothingInTLS, .unjudged, .request, .headRequest, .settled: .nothing
        }
    }

    /// Whether the rules are still to be asked about the name inside.
    var asksRules: Bool { rulesMeasure != .nothing }

    /// How many bytes are relayed in front of a FIN that has come already.
    var last: UInt32 {
        get { asksRules ? 0 : number }
        set { number = newValue }
    }

    /// Where the bytes of a way come from.
    @inline(__always)
    func source(_ way: Way) -> Token { way == .up ? client : upstream }

    /// Where the bytes of a way go.
    @inline(__always)
    func sink(_ way: Way) -> Token { way == .up ? upstream : client }

    /// The name inside is to be held against something.
    mutating func begin(_ measure: ServerNameCheck.Measure, askedAt: UInt32) {
        switch measure {
        case .nothing: inside = .settled
        case .host: inside = .host
        case .hostOrPlain: inside = .hostOrPlain
        case .rules: inside = .rules
        case .reportingRules: inside = .reportingRules
        case .rulesInTLS: inside = .rulesInTLS
        case .nothingInTLS: inside = .nothingInTLS
        }
        number = asksRules ? askedAt : 0
    }

    /// The name inside has been judged, or there is nothing that could be.
    mutating func settle(_ how: Inside = .settled) {
        inside = how
        number = 0
    }

    /// What has come is refused, for it is not TLS.
    mutating func refused(_ opening: OpeningGuess) {
        switch opening {
        case .other: break
        case .request: settle(.request)
        case .headRequest: settle(.headRequest)
        }
    }
}

/// What other owners hold for a tunnel until it ends.
struct TunnelHolds: BitwiseCopyable {
    /// Whose it is.
    var user = CredentialCache.nobody
    /// What it holds of the counts of limits.
    var usage = QuotaLedger.none
}
