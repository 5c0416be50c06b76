internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire

/// What is left of a request or tunnel when it is over, but for its words: numbers only, so that keeping it is a copy.
struct CompletedTransaction {
    var notes: StreamInfo
    /// When its first byte came, in microseconds since 1970.
    let startedAt: Int64
    let client: ClientAddress
    /// Who announced the client, where somebody did.
    let announcer: ClientAddress?
    let listener: UInt16
    let kind: AccessRecord.Kind
    let method: Method
    let status: UInt16
    let ending: Ending
    let fault: Fault?
    /// In microseconds, from the first byte on.
    let total: Int64
    /// The number of the policy that decided; 0 for none.
    let policy: UInt32
    /// The rule whose limit refused it.
    let limit: UInt16
    /// What the check of a tunnel's ClientHello would have refused it for; or why it could not judge it.
    let reported: Refusal?
    var isUnjudged = false
    /// How many bytes of a request came behind its answer, where it was not whole then.
    var unread: UInt64?

    /// When it ended, by the reactor's clock.
    var endedAt: UInt64 { notes.startedAt &+ UInt64(max(0, total)) }
    /// Whether it was refused or failed; that credentials were asked for is how every client without them begins.
    var isNotable: Bool { fault != nil && outcome != .asked }
    /// Whether a rule had a say in it.
    var isRuled: Bool {
        notes.rule != Decision.noRule || notes.wouldDeny != Decision.noRule || limit != Decision.noRule
    }
    /// What became of it.
    var outcome: RequestOutcome { RequestOutcome(fault) }
}

/// Who asked, as the recorder keeps it: the name, and the groups of the credentials with commas between them; empty for nobody.
struct UserText {
    var name: [UInt8] = []
    var groups: [UInt8] = []
    /// Whether a log line needs the name alone, and no escape for it.
    var isPlain = true
}

/// The words of a request that is over, as its record has them.
struct TransactionText {
    var method = ""
    var host = ""
    var path = ""
    var user: String?
    var groups: [String] = []
    var serverName: String?
    var denial: Denial?
    var heads = LoggedHeads()
    /// The parent by which it went.
    var parent: ParentSettings?

    init(_ request: BufferedRequest?, isTunnel: Bool) {
        guard let request else { return }
        method = request.text(request.methodRange)
        host = request.text(request.hostRange)
        path = request.pathText
        if isTunnel, request.dial > 0 { serverName = request.text(request.dialRange) }
    }

    init(method: String, host: String, path: String) {
        self.method = method
        self.host = host
        self.path = path
    }
}

extension AccessRecord {
    /// The record of a request that is over.
    ///
    /// - Parameters:
    ///   - rules: the words of the policy that decided.
    ///   - names: what settings are called by whoever reads it.
    init(
        _ finished: CompletedTransaction,
        _ words: TransactionText,
        listener: String,
        rules: PolicyWords?,
        names: SettingNames
    ) {
        let notes = finished.notes
        self.init(
            id: notes.id,
            startedAt: finished.startedAt,
            kind: finished.kind,
            clientAddress: finished.client.text,
            clientPort: finished.client.port,
            listener: listener,
            user: words.user,
            method: words.method,
            host: words.host,
            path: words.path,
            status: finished.status,
            times: notes.times(total: finished.total),
            reused: notes.reused,
            ending: finished.ending,
            rule: rules?.label(notes.rule),
            wouldDeny: rules?.label(notes.wouldDeny),
            serverName: words.serverName
        )
        groups = words.groups
        tell(words.heads, notes.spoken)
        peer = finished.announcer.map { "\($0.text.contains(":") ? "[\($0.text)]" : $0.text):\($0.port)" }
        if !host.isEmpty {
            scheme = kind == .tunnel ? nil : "http"
            port = notes.port
        }
        bytes = notes.bytes
        unread = finished.unread
        tellWay(notes, by: words.parent)
        if let fault = finished.fault {
            explain(fault, isLocal: finished.client.isLocal, names)
            if fault == .refused(.rule), let refusal = rules?.refusal(notes.rule) { reason = refusal.reason }
            if fault == .refused(.tunnelNotTLS) {
                // Whoever is inside was hardly told.
                let hint = rules?.tunnelHint(notes.rule) ?? .tunnel(nil, nil)
                reason = "\(fault.sentence) \(hint.text(names))"
            }
            if let hint = socksHint(fault) { reason = [reason, hint].compactMap { $0 }.joined(separator: " ") }
        }
        if finished.limit != Decision.noRule { rule = rules?.label(finished.limit) }
        if let reported = finished.reported { report("\(reported.metricLabel)", isUnjudged: finished.isUnjudged) }
        if let denial = words.denial {
            // What an authenticator says of itself is for the log alone, beside what the client was told.
            let isOwn = finished.fault == .refused(.denied)
            reason = isOwn ? denial.reason : [reason, denial.reason].compactMap { $0 }.joined(separator: " ")
        }
    }

    /// Which way it went, and why.
    private mutating func tellWay(_ notes: StreamInfo, by way: ParentSettings?) {
        upstream = notes.parent == 0 ? notes.upstreamText : way?.place
        parent = way?.name
        if notes.parent != 0 { judged = notes.isJudgedByName ? "name" : "address" }
        if notes.parent != 0 || notes.fallsBack {
            routeReason = notes.fallsBack ? "failover" : notes.route.reason.word.description
        }
    }

    private mutating func tell(_ heads: LoggedHeads, _ spoken: ClientProtocol) {
        (userAgent, referer, contentType) = (heads.userAgent, heads.referer, heads.contentType)
        claimedUser = heads.claimedUser
        if let minor = spoken.minor { httpVersion = "HTTP/1.\(minor)" }
        clientProtocol = spoken.word?.description
    }

    private mutating func report(_ label: String, isUnjudged: Bool) {
        if isUnjudged { unjudged = label } else if wouldDeny == nil { wouldDeny = label }
    }

    private mutating func explain(_ fault: Fault, isLocal: Bool, _ names: SettingNames) {
        proxyStatus = fault.proxyErrorType.token.description
        self.fault = fault.label.description
        reason = fault.sentence.description
        if let place = fault.place { reason = "\(fault.sentence) The place: \(place.label)." }
        // A remote client is not told how a rule is lifted; who reads the log is.
        if case .refused = fault, !isLocal, !fault.hint.isEmpty {
            reason = "\(fault.sentence) \(fault.hint.text(names))"
        }
        switch fault {
        // None of these senders can read what to do.
        case .request(.proxyHeaderNotTaken), .request(.tlsRecord), .request(.sshIdentification),
            .request(.http2Preface),
            .refused(.protocolNotServed):
            reason = "\(fault.sentence) \(fault.hint.text(names))"
        default: break
        }
    }

    /// What a client of SOCKS could do otherwise, whose reply has no words.
    private func socksHint(_ fault: Fault) -> String? {
        guard clientProtocol != nil, case .refused = fault else { return nil }
        if port == 80, fault == .refused(.plainTunnel) || fault == .refused(.connectPort) {
            return "Plain HTTP goes by this proxy as an HTTP proxy (http_proxy=http://...), not through SOCKS."
        }
        guard IPAddress(host) != nil else { return nil }
        return
            "The client has sent an address in place of a name: with socks5h:// (curl --socks5-hostname) or SOCKS 4a the proxy looks names up, and rules see them."
    }
}
