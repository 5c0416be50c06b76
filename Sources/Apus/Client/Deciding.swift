internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire

/// Stage 3, decide: whether it may be.
extension Worker {
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
        let context = clients[id].context(now: io.now)
        let host = HostBuffer(bytes, request.target.authority)
        var permission = clients[id].permission
        var step = gate.identify(bytes, fields, context, &permission)
        if case .allowed = step {
            step = request.with(bytes, host) { gate.decide(context, $0, $1, $2, &clients[id].notes, &permission) }
        }
        clients[id].permission = permission
        return goOn(id, step, request, host, bytes, &scratch, &io)
    }

    /// Goes on with a request that stands in a read, as the gate says.
    ///
    /// - Returns: how many bytes of the read were consumed.
    @inline(__always)
    mutating func goOn(
        _ id: UInt32,
        _ step: GateStep,
        _ request: ParsedRequest,
        _ host: borrowing HostBuffer,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        if case .refused(let fault) = step {
            keepWords(id, request.head, request.target, host, bytes, &scratch)
            refuse(id, fault, &io)
            // Where the same request is to come again with credentials, only this one is over.
            return clients.contains(id) && clients[id].session.phase == .idle ? request.head.end : bytes.count
        }
        let route = clients[id].route
        clients[id].route.origin = host.with { upstreams.origin(of: $0, route) }
        guard let count = write(id, request, bytes, &scratch) else {
            refuse(id, .request(.headTooLarge), &io)
            return bytes.count
        }
        guard case .allowed = step else {
            keep(id, request, host, bytes, count, &scratch)
            goOn(id, step, &io)
            return request.head.end
        }
        clients[id].notes.decidedAt = clients[id].notes.since(io.now)
        if takePooled(id, &io) { return sendRequest(id, request, host, bytes, count, &scratch, &io) }
        keep(id, request, host, bytes, count, &scratch)
        startReaching(id, &io)
        return request.head.end
    }

    /// Decides about a request that is kept, now that it is known whose it is.
    mutating func decideKept(_ id: UInt32, _ io: inout ReactorIO) {
        guard clients[id].kept != RequestBufferPool.none else { return refuse(id, .internalError(.requestText), &io) }
        let context = clients[id].context(now: io.now)
        var permission = clients[id].permission
        let step = kept.with(clients[id].kept) {
            gate.decide(context, $0, $1, $2, &clients[id].notes, &permission)
        }
        clients[id].permission = permission
        goOn(id, step, &io)
    }

    /// Goes on with a request that is kept, as the gate says.
    private mutating func goOn(_ id: UInt32, _ step: GateStep, _ io: inout ReactorIO) {
        switch step {
        case .refused(let fault): refuse(id, fault, &io)
        case .authenticates(let claim): verify(id, claim, &io)
        case .asksEmbedder: askEmbedder(id, &io)
        case .allowed, .needsAddresses:
            clients[id].notes.decidedAt = clients[id].notes.since(io.now)
            reach(id, &io)
        case .detour:
            clients[id].notes.decidedAt = clients[id].notes.since(io.now)
            startDetour(id, &io)
        }
    }

    /// Goes on to the origin: by an idle connection, or by a new one.
    private mutating func reach(_ id: UInt32, _ io: inout ReactorIO) {
        if takePooled(id, &io) { return sendKept(id, reused: true, &io) }
        startReaching(id, &io)
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
                method: head.method.count,
                path: path,
                host: none.span.extracting(0..<0)
            )
            return
        }
        keepWords(id, head, target, HostBuffer(bytes, target.authority), bytes, &scratch)
    }

    /// The same of one that names a host.
    mutating func keepWords(
        _ id: UInt32,
        _ head: RequestHead,
        _ target: RequestTarget,
        _ host: borrowing HostBuffer,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>
    ) {
        guard journal.isRead else { return }
        let method = head.method.count
        var end = copy(bytes, head.method.range, to: &scratch, at: 0) ?? 0
        if end < scratch.count { scratch[end] = 0x20 }
        end = copy(bytes, target.path.range, to: &scratch, at: end + 1) ?? end
        clients[id].kept = host.with { name in
            kept.keep(head: scratch, count: end, method: method, path: target.path.count, host: name)
        }
    }
}

// MARK: - An embedder's policy

extension Worker {
    /// Asks outside of the thread; the client stays unread meanwhile.
    private mutating func askEmbedder(_ id: UInt32, _ io: inout ReactorIO) {
        guard let policy = settings.policy else { return refuse(id, .refused(.policyUnavailable), &io) }
        let client = clients[id]
        let words = kept[client.kept]
        let isTunnel = client.exchange.method == .connect
        let user = gate.user(client.permission.user)
        let ask = Ask(
            client: client.address.ip,
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
        case .allow:
            let hasRoutes = gate[policy: clients[id].notes.snapshot]?.policy.hasRoutes == true
            return goOn(id, GateStep(allowed: clients[id].notes, hasRoutes), &io)
        case .route(to: .direct): break
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
