/// What a request head says beyond its line: everything a proxy decides by, without an offset, so that it can be kept.
public struct RequestProperties: Sendable {
    /// Which method it is.
    public var method: Method
    /// The client's version.
    public var version: HTTPVersion
    /// How the body ends.
    public var body: BodyFraming = .none
    /// Whether the client's connection may serve another request (RFC 9112 §9.3). Never for HTTP/1.0.
    public var persistent: Bool
    /// Whether the client waits for 100 (Continue) before its body (RFC 9110 §10.1.1).
    public var expectsContinue = false
    /// Whether the client takes trailer fields (`TE: trailers`, RFC 9110 §10.1.4).
    public var takesTrailers = false
    /// Whether Connection names fields that are not known to end here.
    public var nominates = false
    /// Whether the own pseudonym stands in Via: the request has been here before (RFC 9110 §7.6.3).
    public var loops = false
    /// The value of Max-Forwards on TRACE and OPTIONS (RFC 9110 §7.6.2).
    public var maxForwards: UInt32?
    /// The protocols offered by Upgrade.
    public var upgrade = UpgradeOffer()
    /// Whether it asks for another protocol on the connection, by CONNECT or Upgrade, `h2c` included: the client may have begun to speak it
    /// behind the head, before it is granted (RFC 9931).
    public var switchesProtocol = false
    /// Whether its credentials are for the connection to the origin in place of the request (NTLM and its like).
    public var authenticatesConnection = false
    /// Whether another proxy has forwarded it (Via, RFC 9110 §7.6.3): its connection may bear the requests of several users.
    public var isForwarded = false
}

extension RequestProperties {
    /// Those of a request for a tunnel that comes by another protocol than HTTP, and is the only one of its connection.
    public static var tunnel: RequestProperties {
        var facts = RequestProperties(method: .connect, version: .http11, persistent: false)
        facts.switchesProtocol = true
        return facts
    }

    /// Judges the fields of a request head; whatever is ambiguous is refused (RFC 9112 §3.2, §6.3; RFC 9110 §7.6).
    ///
    /// - Parameters:
    ///   - target: the target of the same head.
    ///   - pseudonym: the proxy's own name in Via.
    public static func judge(
        _ bytes: Span<UInt8>,
        _ head: RequestHead,
        _ target: RequestTarget,
        _ fields: borrowing FieldTable,
        pseudonym: [UInt8]
    ) throws(RequestFault) -> RequestProperties {
        var facts = RequestProperties(method: head.kind, version: head.version, persistent: false)
        var framing = FramingFields()
        var options = ConnectionOptions()
        var hosts = 0
        var upgradeLines = false
        for position in 0..<fields.count {
            let known = fields[position].known
            if known == .other { continue }
            let value = fields[position].value
            switch known {
            case .host:
                hosts += 1
                guard hosts == 1 else { throw .severalHosts }
                guard target.authority.isSpelled(bytes, value) || Authority.isValidHost(bytes, value) else {
                    throw .malformedHost
                }
            case .contentLength: framing.addLength(bytes, value)
            case .transferEncoding: framing.addCoding(bytes, value)
            case .connection: options.add(bytes, value)
            case .upgrade: upgradeLines = true
            case .te: facts.takesTrailers = facts.takesTrailers || namesTrailers(bytes, value)
            case .via:
                facts.isForwarded = true
                facts.loops = facts.loops || names(bytes, value, pseudonym)
            case .expect: facts.expectsContinue = facts.expectsContinue || isContinue(bytes, value)
            case .authorization:
                if ConnectionAuthentication.isUsed(bytes, credentials: value) { facts.authenticatesConnection = true }
            case .maxForwards where head.kind == .trace || head.kind == .options:
                guard facts.maxForwards == nil, let hops = hops(bytes, value) else { throw .malformedMaxForwards }
                facts.maxForwards = hops
            default: break
            }
        }
        if hosts == 0, head.version == .http11 { throw .missingHost }
        facts.body = try framing.request(head.version)
        if head.kind == .connect, framing.codingLines > 0 || facts.body != .none { throw .contentInConnect }
        if options.namesProtected { throw .protectedFieldInConnection }
        facts.nominates = options.nominates
        if options.isExcessive { throw .tooManyFields }
        facts.switchesProtocol = head.kind == .connect || options.upgrade && upgradeLines
        guard head.version == .http11 else {
            // An HTTP/1.0 client can neither be asked to wait nor switch protocols (RFC 9110 §7.8, §10.1.1).
            facts.expectsContinue = false
            facts.takesTrailers = false
            return facts
        }
        facts.persistent = !options.close
        if options.upgrade, upgradeLines { facts.upgrade = try offer(bytes, fields) }
        return facts
    }

    private static func offer(
        _ bytes: Span<UInt8>,
        _ fields: borrowing FieldTable
    ) throws(RequestFault) -> UpgradeOffer {
        var offer = UpgradeOffer()
        for position in 0..<fields.count where fields[position].known == .upgrade {
            try offer.add(bytes, fields[position].value)
        }
        return offer
    }

    private static func namesTrailers(_ bytes: Span<UInt8>, _ value: ByteRange) -> Bool {
        var elements = ListElements(value)
        while let element = elements.next(bytes) {
            guard element.count == 8 else { continue }
            var packed: UInt64 = 0
            for i in element.range { packed = packed &<< 8 | UInt64(ByteClass.lowercased(bytes[i])) }
            if packed == 0x7472_6169_6c65_7273 { return true }
        }
        return false
    }

    private static func isContinue(_ bytes: Span<UInt8>, _ value: ByteRange) -> Bool {
        var elements = ListElements(value)
        while let element = elements.next(bytes) {
            guard element.count == 12 else { continue }
            var before: UInt64 = 0
            var last: UInt64 = 0
            for i in element.range {
                before = before &<< 8 | last &>> 56
                last = last &<< 8 | UInt64(ByteClass.lowercased(bytes[i]))
            }
            if before == 0x3130_302d, last == 0x636f_6e74_696e_7565 { return true }
        }
        return false
    }

    /// Whether a member of Via was received by the pseudonym: `[name "/"] version RWS received-by [RWS comment]`.
    static func names(_ bytes: Span<UInt8>, _ value: ByteRange, _ pseudonym: [UInt8]) -> Bool {
        let own = pseudonym.span
        var elements = ListElements(value)
        while let element = elements.next(bytes) {
            var at = Int(element.start)
            let end = Int(element.end)
            while at < end, !ByteClass.isBlank(bytes[at]) { at += 1 }
            while at < end, ByteClass.isBlank(bytes[at]) { at += 1 }
            var matched = 0
            while at + matched < end, matched < own.count,
                ByteClass.lowercased(bytes[at + matched]) == ByteClass.lowercased(own[matched])
            { matched += 1 }
            guard matched == own.count else { continue }
            if at + matched == end || ByteClass.isBlank(bytes[at + matched]) {
                return true
            }
        }
        return false
    }

    /// 1*DIGIT below 2^32; more is refused rather than brought down to it.
    private static func hops(_ bytes: Span<UInt8>, _ value: ByteRange) -> UInt32? {
        guard !value.isEmpty else { return nil }
        var number: UInt64 = 0
        for i in value.range {
            guard ByteClass.isDigit(bytes[i]) else { return nil }
            number = number &* 10 &+ UInt64(bytes[i] &- Ascii.zero)
            guard number <= UInt64(UInt32.max) else { return nil }
        }
        return UInt32(truncatingIfNeeded: number)
    }
}
