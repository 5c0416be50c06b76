/// What a response head says beyond its status line, without an offset.
public struct ResponseProperties: Sendable {
    /// The status code.
    public var status: UInt16
    /// The origin's version.
    public var version: HTTPVersion
    /// How the body ends, in the light of the request (RFC 9112 §6.3).
    public var body: BodyFraming = .none
    /// Whether the connection to the origin may serve another request (RFC 9112 §9.3).
    public var persistent = false
    /// Whether Connection names fields that are not known to end here.
    public var nominates = false
    /// Whether it bears a Date; if not, a proxy adds one (RFC 9110 §6.6.1).
    public var hasDate = false
    /// Whether it says that the connection is authenticated in place of the request (NTLM and its like), or is to be.
    public var authenticatesConnection = false
    /// For how long the origin says that it keeps the connection.
    public var keepAlive = KeepAliveHint()
    /// The one value of a Content-Length that was repeated: it is written once (RFC 9112 §6.3).
    var collapsedLength: UInt64?

    /// Whether it is an interim response (1xx), 101 among them.
    @inline(__always)
    public var isInterim: Bool { status < 200 }

    /// Whether neither Content-Length nor Transfer-Encoding may be sent with it (RFC 9110 §8.6, RFC 9112 §6.1).
    @inline(__always)
    var forbidsFraming: Bool { status < 200 || status == 204 }
}

extension ResponseProperties {
    /// Judges the fields of a response head.
    ///
    /// - Parameters:
    ///   - method: the method that it answers.
    ///   - upgrade: what the request offered; a 101 must name one of these (RFC 9110 §7.8).
    public static func judge(
        _ bytes: Span<UInt8>,
        _ head: ResponseHead,
        _ fields: borrowing FieldTable,
        method: Method,
        upgrade: UpgradeOffer
    ) throws(ResponseFault) -> ResponseProperties {
        var facts = ResponseProperties(status: head.status, version: head.version)
        var framing = FramingFields()
        var options = ConnectionOptions()
        for position in 0..<fields.count {
            switch fields[position].known {
            case .contentLength: framing.addLength(bytes, fields[position].value)
            case .transferEncoding: framing.addCoding(bytes, fields[position].value)
            case .connection: options.add(bytes, fields[position].value)
            case .date: facts.hasDate = true
            case .keepAlive: facts.keepAlive.add(bytes, fields[position].value)
            case .wwwAuthenticate:
                if ConnectionAuthentication.isOffered(bytes, challenges: fields[position].value) {
                    facts.authenticatesConnection = true
                }
            case .persistentAuth: facts.authenticatesConnection = true
            default: break
            }
        }
        facts.nominates = options.nominates
        if options.isExcessive { throw .tooManyFields }
        if framing.repeatedLength { facts.collapsedLength = framing.length }
        let body = try framing.response(head.version)
        if method != .head, head.status >= 200, head.status != 204, head.status != 304 { facts.body = body }
        if head.status == 101 {
            guard switches(bytes, fields, upgrade) else { throw .unrequestedUpgrade }
        }
        facts.persistent =
            facts.body != .untilClose
            && (head.version == .http11 ? !options.close : options.keepAlive && !options.close)
        return facts
    }

    /// Whether every protocol that a 101 names was offered, and there is one.
    private static func switches(
        _ bytes: Span<UInt8>,
        _ fields: borrowing FieldTable,
        _ offer: UpgradeOffer
    ) -> Bool {
        var named = false
        for position in 0..<fields.count where fields[position].known == .upgrade {
            var elements = ListElements(fields[position].value)
            while let element = elements.next(bytes) {
                guard !element.isEmpty else { continue }
                guard offer.contains(bytes, element) else { return false }
                named = true
            }
        }
        return named
    }
}
