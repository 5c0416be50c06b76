public import ApusWire

/// What is said between a connection to a parent and its use for a request: CONNECT and its answer (RFC 9110 §9.3.6), or the messages of
/// SOCKS 5 (RFC 1928, RFC 1929).
///
/// A value without references. It is shown all bytes that have come and were not consumed, so that it keeps none itself, and names the message
/// that is to be sent next; ``ParentMessage`` writes it.
public struct ParentHandshake: Sendable, BitwiseCopyable {
    /// What the parent speaks.
    public enum Language: UInt8, Sendable, BitwiseCopyable {
        /// CONNECT of HTTP/1.1.
        case http
        /// SOCKS 5.
        case socks5
    }

    /// What is waited for.
    private enum Phase: UInt8, BitwiseCopyable {
        case answer, method, verdict, reply, over
    }

    /// The most interim answers before the final one.
    public static let mostInterims = 8

    private var phase: Phase
    private let provesItself: Bool
    private var interims: UInt8 = 0
    private var partial = PartialHead()

    /// A handshake whose ``opening`` is to be sent.
    ///
    /// - Parameter provesItself: whether there are credentials for the parent.
    public init(_ language: Language, provesItself: Bool) {
        phase = language == .http ? .answer : .method
        self.provesItself = provesItself
    }

    /// The first message.
    public var opening: ParentMessage.Kind { phase == .answer ? .connect : .greeting }

    /// Bytes of the parent: all that are not consumed yet.
    ///
    /// - Parameters:
    ///   - limits: of the head of an answer to CONNECT.
    ///   - fields: is void behind this.
    public mutating func received(
        _ bytes: Span<UInt8>,
        limits: HeadLimits,
        fields: inout FieldTable
    ) -> HandshakeStep {
        do throws(SOCKSFault) {
            switch phase {
            case .answer: return answered(bytes, limits, &fields)
            case .method: return try chosen(bytes)
            case .verdict: return try judged(bytes)
            case .reply: return try replied(bytes)
            case .over: return HandshakeStep()
            }
        } catch {
            return fail(.malformed, bytes.count)
        }
    }

    /// The parent has ended the connection, or it broke.
    public func ended() -> ParentFault { .closed }

    private mutating func fail(_ fault: ParentFault, _ consumed: Int) -> HandshakeStep {
        phase = .over
        return HandshakeStep(consumed: consumed, outcome: .failed(fault))
    }

    private mutating func stand(_ consumed: Int) -> HandshakeStep {
        phase = .over
        return HandshakeStep(consumed: consumed, outcome: .stands)
    }

    // MARK: CONNECT

    /// Interim answers, then the final one. Of a 2xx only the status counts: what its fields say of a body is ignored (RFC 9110 §9.3.6), and
    /// what lies behind the head is the tunnel's.
    private mutating func answered(
        _ bytes: Span<UInt8>,
        _ limits: HeadLimits,
        _ fields: inout FieldTable
    ) -> HandshakeStep {
        guard partial.isWorthParsing(bytes) else { return HandshakeStep() }
        partial.reset()
        var base = 0
        while base < bytes.count {
            let rest = bytes.extracting(base..<bytes.count)
            switch ResponseParser.parse(rest, limits: limits, fields: &fields) {
            case .incomplete:
                partial.wasIncomplete(at: rest.count)
                return HandshakeStep(consumed: base)
            case .invalid: return fail(.malformed, bytes.count)
            case .complete(let head):
                base += head.end
                switch head.status {
                // There is nothing to switch to on a connection that is to become a tunnel.
                case 101: return fail(.malformed, bytes.count)
                case 100...199:
                    interims += 1
                    if interims > ParentHandshake.mostInterims { return fail(.malformed, bytes.count) }
                case 200...299: return stand(base)
                case 407: return fail(.credentials, bytes.count)
                default: return fail(.refused(head.status), bytes.count)
                }
            }
        }
        return HandshakeStep(consumed: base)
    }

    // MARK: SOCKS 5

    /// Which method the parent has chosen.
    private mutating func chosen(_ bytes: Span<UInt8>) throws(SOCKSFault) -> HandshakeStep {
        guard let choice = try SOCKSMethod.readSelection(bytes) else { return HandshakeStep() }
        // It has nothing more to say before it is sent the next message.
        guard bytes.count == SOCKSMethod.selectionLength else { return fail(.malformed, bytes.count) }
        switch SOCKSMethod(rawValue: choice) {
        case .noAuthentication:
            phase = .reply
            return HandshakeStep(consumed: bytes.count, send: .request)
        case .usernamePassword where provesItself:
            phase = .verdict
            return HandshakeStep(consumed: bytes.count, send: .credentials)
        case .noAcceptable: return fail(.credentials, bytes.count)
        case .usernamePassword, nil: return fail(.malformed, bytes.count)
        }
    }

    /// Whether it takes the credentials (RFC 1929 §2).
    private mutating func judged(_ bytes: Span<UInt8>) throws(SOCKSFault) -> HandshakeStep {
        guard let isValid = try SOCKSCredentials.readAnswer(bytes) else { return HandshakeStep() }
        guard bytes.count == SOCKSMethod.selectionLength else { return fail(.malformed, bytes.count) }
        guard isValid else { return fail(.credentials, bytes.count) }
        phase = .reply
        return HandshakeStep(consumed: bytes.count, send: .request)
    }

    /// What has come of the request (RFC 1928 §6). The address that it names is nobody's concern; what lies behind it is the tunnel's.
    private mutating func replied(_ bytes: Span<UInt8>) throws(SOCKSFault) -> HandshakeStep {
        // Some close at once behind these two bytes.
        if bytes.count > 1, bytes[0] == 5, bytes[1] != 0 { return fail(.declined(bytes[1]), bytes.count) }
        guard let reply = try SOCKSReply.readV5(bytes) else { return HandshakeStep() }
        return stand(reply.length)
    }
}

/// What a ``ParentHandshake`` asks for after bytes have come.
public struct HandshakeStep: Sendable, Equatable {
    /// How it stands.
    public enum Outcome: Sendable, Equatable {
        /// More has to come.
        case waits
        /// The connection leads to the host: what was not consumed is what the host says.
        case stands
        /// It does not, and is to be closed.
        case failed(ParentFault)
    }

    /// How many bytes were consumed.
    public var consumed = 0
    /// How it stands.
    public var outcome = Outcome.waits
    /// What is to be sent now.
    public var send: ParentMessage.Kind?

    /// A step of these slots.
    public init(consumed: Int = 0, outcome: Outcome = .waits, send: ParentMessage.Kind? = nil) {
        self.consumed = consumed
        self.outcome = outcome
        self.send = send
    }
}
