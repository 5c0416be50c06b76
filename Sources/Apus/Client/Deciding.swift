internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire

/// Stage 3, decide: whether it may be.
extension ProxyThread {
    /// Decides about a request that stands in a read, as far as that can be done at once; then it goes on, or what it needs is kept while it
    /// waits.
    ///
    /// - Returns: how many bytes of the read were consumed.
    mutating func decide(
        _ id: UInt32,
        _ request: ParsedRequest,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        let (head, target) = (request.head, request.target)
        var claim: Claim?
        switch identify(id, bytes, &io) {
        case .known: break
        case .claimed(let claimed): claim = claimed
        case .refused(let fault):
            keepWords(id, head, target, bytes, &scratch)
            return refuse(id, identity: fault, head, bytes, &io)
        }
        let host = HostBuffer(bytes, target.authority)
        let now = io.now
        if claim == nil, let refusal = request.with(bytes, host, { refusal(id, $0, $1, $2, now: now) }) {
            keepWords(id, head, target, bytes, &scratch)
            return refuse(id, identity: .refused(refusal), head, bytes, &io)
        }
        let route = clients[id].route
        clients[id].route.origin = host.with { upstreams.origin(of: $0, route) }
        guard let count = write(id, request, bytes, &scratch) else {
            refuse(id, .request(.headTooLarge), &io)
            return bytes.count
        }
        let goesOn = claim == nil && settings.policy == nil && !clients[id].notes.asksAddresses
        if goesOn {
            clients[id].notes.decidedAt = clients[id].notes.since(now)
            if takePooled(id, &io) { return sendRequest(id, request, host, bytes, count, &scratch, &io) }
        }
        keep(id, request, host, bytes, count, &scratch)
        if goesOn {
            startReaching(id, &io)
        } else if let claim {
            verify(id, claim, &io)
        } else {
            goOn(id, &io)
        }
        return head.end
    }

    /// Decides about a request that is kept, now that it is known whose it is.
    mutating func decideKept(_ id: UInt32, _ io: inout ReactorIO) {
        guard clients[id].kept != KeptRequests.none else { return refuse(id, .internalError(.requestText), &io) }
        let now = io.now
        if let refusal = kept[clients[id].kept].with({ refusal(id, $0, $1, $2, now: now) }) {
            return refuse(id, refusal, &io)
        }
        goOn(id, &io)
    }

    /// Goes on with a request that is kept and that no rule refuses: an embedder's policy is asked, or the origin is reached.
    private mutating func goOn(_ id: UInt32, _ io: inout ReactorIO) {
        if let policy = settings.policy { return ask(id, policy, &io) }
        clients[id].notes.decidedAt = clients[id].notes.since(io.now)
        reach(id, &io)
    }

    /// Goes on to the origin: by an idle connection, or by a new one.
    private mutating func reach(_ id: UInt32, _ io: inout ReactorIO) {
        if takePooled(id, &io) { return sendKept(id, reused: true, &io) }
        startReaching(id, &io)
    }

    /// Why the rules, or their limits, refuse a request, or the ports of CONNECT do; nil if they do not.
    private mutating func refusal(
        _ id: UInt32,
        _ method: Span<UInt8>,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        now: UInt64
    ) -> Refusal? {
        guard hasRules else { return refusesPort(id, Decision.noRule, nil) }
        let decision = askRules(id, method, host, path)
        if let refusal = refusal(id, decision) { return refusal }
        guard decision.isLimited else { return nil }
        return admitUsage(id, method, host, path, clients[id].route.literal, now: now)
    }

    private func refusal(_ id: UInt32, _ decision: Decision) -> Refusal? {
        switch decision.outcome {
        case .allow: refusesPort(id, decision.rule, settings.snapshot) ?? refusesPlain(decision)
        case .deny: .rule
        case .authenticate: .credentialsMissing
        // What needs no address is judged before the name is told to anybody.
        case .lookUp:
            (decision.needsOpenPort ? refusesPort(id, Decision.noRule, nil) : nil) ?? refusesPlain(decision)
        }
    }

    /// The outgoing head of a request, unchanged by rules; a CONNECT has none, only its words.
    private func write(
        _ id: UInt32,
        _ request: ParsedRequest,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>
    ) -> Int? {
        let head = request.head
        if head.kind == .connect { return copy(bytes, head.method.range, to: &scratch, at: 0) }
        return RequestRewriter.write(
            bytes,
            head,
            request.target,
            request.facts,
            fields,
            text: text,
            into: &scratch
        )
    }

    /// Keeps the outgoing head that stands in the scratch, and the words of the record.
    mutating func keep(
        _ id: UInt32,
        _ request: ParsedRequest,
        _ host: borrowing HostBuffer,
        _ bytes: Span<UInt8>,
        _ count: Int,
        _ scratch: inout MutableSpan<UInt8>
    ) {
        let (head, target) = (request.head, request.target)
        // The outgoing head has a `/` where the target begins its query without one.
        let slash = !target.path.isEmpty && bytes[Int(target.path.start)] == 0x3f ? 1 : 0
        let path = head.kind == .connect ? 0 : max(1, target.path.count) + slash
        clients[id].kept = host.with { name in
            kept.keep(head: scratch, count: count, method: head.method.count, path: path, host: name)
        }
    }

    /// Keeps the words of a request that goes nowhere, for its record.
    ///
    /// - Parameter isWhole: whether the target is all of it; else a password may go on behind it.
    mutating func keepWords(
        _ id: UInt32,
        _ head: RequestHead,
        _ target: RequestTarget?,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        isWhole: Bool = true
    ) {
        guard journal.isRead else { return }
        let method = head.method.count
        guard let target, target.form == .absolute || target.form == .authority else {
            // Not understood, or asked of the proxy itself: the target stands for the path, but for a password in it.
            let userinfo = SecretLocation.hidden(
                bytes,
                Int(head.target.start),
                Int(head.target.end),
                isWhole: isWhole
            ).range
            guard
                let before = copy(
                    bytes,
                    Int(head.method.start)..<userinfo.lowerBound,
                    to: &scratch,
                    at: 0
                ),
                let count = copy(bytes, userinfo.upperBound..<Int(head.target.end), to: &scratch, at: before)
            else { return }
            let none = InlineArray<1, UInt8>(repeating: 0)
            let path = head.target.count - userinfo.count
            clients[id].kept = kept.keep(
                head: scratch,
                count: count,
                method: method,
                path: path,
                host: none.span.extracting(0..<0)
            )
            return
        }
        var end = copy(bytes, head.method.range, to: &scratch, at: 0) ?? 0
        if end < scratch.count { scratch[end] = 0x20 }
        end = copy(bytes, target.path.range, to: &scratch, at: end + 1) ?? end
        let host = HostBuffer(bytes, target.authority)
        clients[id].kept = host.with { name in
            kept.keep(head: scratch, count: end, method: method, path: target.path.count, host: name)
        }
    }
}

// MARK: - An embedder's policy

extension ProxyThread {
    /// Asks outside of the thread; the client stays unread meanwhile.
    private mutating func ask(_ id: UInt32, _ policy: @escaping ProxyServer.Policy, _ io: inout ReactorIO) {
        let client = clients[id]
        let words = kept[client.kept]
        let isTunnel = client.exchange.method == .connect
        let user = users.user(client.permission.user)
        let ask = Ask(
            client: client.address,
            user: user?.name,
            groups: user?.groups ?? [],
            method: words.text(words.methodRange),
            scheme: isTunnel ? "" : "http",
            host: words.text(words.hostRange),
            port: client.notes.port,
            path: words.pathText
        )
        guard let wait = beginWait(id, for: .asking, &io) else { return }
        io.pause(client.token)
        let mail = shared.mail[number]
        Task {
            let verdict = await policy(ask)
            mail.post(.decided(wait, DecidedVerdict(verdict)))
        }
    }

    /// The embedder's verdict about a request that waited for it.
    mutating func decided(_ id: UInt32, _ verdict: DecidedVerdict, _ io: inout ReactorIO) {
        clients[id].notes.decidedAt = clients[id].notes.since(io.now)
        switch verdict.verdict {
        case .allow, .route(to: .direct): break
        case .deny(let reason, _):
            let status = verdict.verdict.deniedStatus ?? 403
            shared.denials.put(clients[id].notes.id, Denial(reason: reason, status: status))
            return refuse(id, .refused(.denied), &io)
        case .unavailable(let reason):
            shared.denials.put(clients[id].notes.id, Denial(reason: reason, status: 503))
            return refuse(id, .refused(.policyUnavailable), &io)
        case .route(to: .address(let host, let port)):
            route(id, host, port)
        }
        reach(id, &io)
    }

    /// Sends the request to another address than the one it names; its head stays as it is.
    private mutating func route(_ id: UInt32, _ host: String, _ port: UInt16) {
        let name = Array(host.lowercased().utf8)
        var route = Route(.elsewhere, port: port, literal: IPAddress(host))
        route.origin = upstreams.origin(of: name.span, route)
        clients[id].go(by: route)
        kept.route(clients[id].kept, to: name)
    }
}

/// A verdict on its way back to the thread that asked.
struct DecidedVerdict: Sendable {
    let verdict: Verdict
    init(_ verdict: Verdict) { self.verdict = verdict }
}
