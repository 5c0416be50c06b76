internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire

/// Stage 2, read: bytes become a request head and its facts.
extension Worker {
    /// Bytes of a client; how many were consumed.
    mutating func clientReceived(
        _ id: UInt32,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        let token = clients[id].token
        let counted = clients[id].session.phase == .idle ? 0 : clients[id].notes.fromClient
        let consumed = readClient(id, bytes, &scratch, &io)
        if !owed.isEmpty, owed[id] != nil { countUnread(id, counted: counted, consumed: consumed) }
        // What lies behind a request waits for its turn: the reactor shows it again on `resume`. A client that is gone has
        // consumed all; one that was refused meanwhile is not paused, for what it still sends is discarded. Nor is one whose body moves already,
        // as it does where the way was open at once: what lies here is of it.
        if consumed > 0, consumed < bytes.count, clients[id].exchange.isRunning,
            !clients[id].exchange.awaitsRequestChunks, !clients[id].up.isMoving
        {
            io.pause(token)
        }
        return consumed
    }

    /// What a client's session makes of bytes; how many were consumed.
    mutating func readClient(
        _ id: UInt32,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        switch clients[id].session.received() {
        case .head: return readRequest(id, bytes, &scratch, &io)
        case .greeting: return readSOCKS(id, bytes, &scratch, &io)
        case .announcement: return readAnnouncement(id, bytes, &scratch, &io)
        case .exchange where clients[id].exchange.awaitsRequestChunks:
            if clients[id].permission.usage != QuotaLedger.none, let consumed = holdsBack(id, .up, bytes.count, &io) {
                return consumed
            }
            return relayChunks(id, .up, bytes, from: 0, head: 0, &scratch, &io)
        case .exchange:
            // What comes early waits, in the reactor's one block for it and then in the kernel.
            io.pause(clients[id].token)
            return 0
        case .discard: return bytes.count
        }
    }

    private mutating func readRequest(
        _ id: UInt32,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        if clients[id].session.phase == .idle { beginNotes(id, &io) }
        guard clients[id].requestHead.isWorthParsing(bytes) else { return 0 }
        clients[id].requestHead.reset()
        switch RequestParser.parse(bytes, limits: settings.requestLimits, fields: &fields) {
        case .complete(let head): return judgeRequest(id, head, bytes, &scratch, &io)
        case .incomplete: return awaitHead(id, bytes, &io)
        case .invalid(let fault): return readOther(id, fault, bytes, &scratch, &io)
        }
    }

    private mutating func awaitHead(_ id: UInt32, _ bytes: Span<UInt8>, _ io: inout ReactorIO) -> Int {
        clients[id].requestHead.wasIncomplete(at: bytes.count)
        // Empty lines in front of a request begin none (RFC 9112 §2.2).
        if RequestParser.isOnlyEmptyLines(bytes) { return 0 }
        performSession(clients[id].session.headBegan(), id, &io)
        return 0
    }

    /// What is no request of HTTP: SOCKS, another protocol whose sender is told so in its own words, or a faulty head. A client of HTTP never
    /// comes here, so that the look at its first bytes costs it nothing.
    private mutating func readOther(
        _ id: UInt32,
        _ fault: RequestFault,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        var fault = fault
        switch FirstBytes(bytes) {
        case .socks4 where clients[id].session.isFresh, .socks5 where clients[id].session.isFresh:
            return beginSOCKS(id, bytes, &scratch, &io)
        // The signature of the PROXY protocol begins as empty lines do.
        case .incomplete: return awaitHead(id, bytes, &io)
        case .tls: fault = .tlsRecord
        case .ssh: fault = .sshIdentification
        case .proxyV1, .proxyV2: fault = .proxyHeaderNotTaken
        case .http2, .http, .unknown, .socks4, .socks5: explainFaulty(id, fault, bytes, &scratch)
        }
        clients[id].notes.fromClient = UInt64(bytes.count)
        clients[id].notes.requestHead = journal.keep(bytes, 0..<min(bytes.count, Worker.shownOfFaulty))
        performSession(clients[id].session.headEnded(), id, &io)
        refuse(id, .request(fault), &io)
        return bytes.count
    }

    /// Keeps what can be told of a head that is refused: its method and target, and how a part of it exceeds its limit.
    private mutating func explainFaulty(
        _ id: UInt32,
        _ fault: RequestFault,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>
    ) {
        let faulty = FaultyHead(bytes)
        if let text = ExceededLimit(fault, faulty, bytes, settings.requestLimits)?.sentence {
            shared.denials.put(clients[id].notes.id, Denial(reason: text, status: fault.status))
        }
        guard let head = faulty.requestHead(of: bytes) else { return }
        // A head that is too large has a sound request line, and a host.
        let isSound = fault.status == 431 && !head.target.isEmpty
        let target: RequestTarget?
        do throws(RequestFault) { target = isSound ? try RequestTarget.parse(bytes, head) : nil } catch { target = nil }
        if let target { clients[id].notes.port = target.authority.port }
        keepWords(id, head, target, bytes, &scratch, isWhole: isSound)
    }

    /// How much is recorded of what was to be a request head and is none, in bytes.
    private static let shownOfFaulty = 2048

    /// A whole head: what it says decides whether there is anything to ask.
    private mutating func judgeRequest(
        _ id: UInt32,
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        performSession(clients[id].session.headEnded(), id, &io)
        clients[id].notes.fromClient = UInt64(head.end)
        clients[id].notes.spoken = .http(minor: head.minorVersion(bytes))
        clients[id].progress = UInt64(head.end)
        // The line of a CONNECT says what its words say: there may be many tunnels, and it would be half of what is recorded of one.
        let start = head.kind == .connect ? head.lineEnd : Int(head.method.start)
        clients[id].notes.requestHead = journal.keep(bytes, start..<head.end)
        clients[id].form = answerForm(bytes)
        if settings.asksCredentials { clients[id].program = program(bytes) }
        let target: RequestTarget
        let facts: RequestProperties
        do throws(RequestFault) {
            target = try RequestTarget.parse(bytes, head)
            facts = try RequestProperties.judge(bytes, head, target, fields, pseudonym: settings.pseudonym)
        } catch {
            clients[id].exchange.misjudged(head.kind, head.version)
            keepWords(id, head, nil, bytes, &scratch)
            refuse(id, .request(error), &io)
            return bytes.count
        }
        clients[id].notes.port = target.authority.port
        clients[id].go(by: Route(to: target.authority))
        if let refusal = clients[id].refusal, !mayProveItself(refusal, target, facts) {
            clients[id].exchange.misjudged(head.kind, head.version)
            keepWords(id, head, target, bytes, &scratch)
            refuse(id, .refused(refusal), &io)
            return bytes.count
        }
        let step = clients[id].exchange.requested(facts)
        if step.upstream == .reach, target.form == .absolute || target.form == .authority {
            return decide(id, ParsedRequest(head: head, target: target, facts: facts), bytes, &scratch, &io)
        }
        keepWords(id, head, target, bytes, &scratch)
        answerHere(id, step, head, target, bytes, &io)
        return bytes.count
    }

    /// Whether a client that is on no list may still be served, if its credentials are valid: never what is asked of the proxy
    /// itself, for which nobody is asked for any.
    private func mayProveItself(_ refusal: Refusal, _ target: RequestTarget, _ facts: RequestProperties) -> Bool {
        guard refusal == .clientNotAllowed, settings.requiresCredentials, !facts.loops, facts.maxForwards != 0
        else { return false }
        return target.form == .absolute || target.form == .authority
    }

    /// Requests that end at the proxy itself: TRACE and OPTIONS at their last hop, a loop, and what is asked of the proxy
    /// as if it were an origin.
    private mutating func answerHere(
        _ id: UInt32,
        _ step: Step,
        _ head: RequestHead,
        _ target: RequestTarget,
        _ bytes: Span<UInt8>,
        _ io: inout ReactorIO
    ) {
        switch (step.answer, target.form) {
        case (.trace?, _):
            sendTrace(id, head, bytes, &io)
            var performed = step
            performed.answer = nil
            perform(performed, id, &io)
        case _ where step.fault != nil, (_?, _): perform(step, id, &io)
        case (nil, .asterisk): perform(clients[id].exchange.refused(.options), id, &io)
        case (nil, _):
            let isPage = (head.kind == .get || head.kind == .head) && target.path.count == 1
            guard namesThisProxy(id, bytes) else { return refuse(id, .request(.originFormToProxy), &io) }
            if isPage {
                perform(clients[id].exchange.refused(.help), id, &io)
            } else {
                refuse(id, .request(.notFoundHere), &io)
            }
        }
    }

    /// Whether Host means this machine and this listener: an address, `localhost`, or the machine's own name.
    private func namesThisProxy(_ id: UInt32, _ bytes: Span<UInt8>) -> Bool {
        let listener = listeners[Int(clients[id].listener)]
        for position in 0..<fields.count where fields[position].known == .host {
            guard let authority = Authority.host(bytes, fields[position].value) else { return false }
            guard authority.port == listener.address.port else { return false }
            if authority.address != nil { return true }
            if SpecialName.of(bytes, authority.host.range) == .localhost { return true }
            return HostBuffer(bytes, authority).with { name in
                guard name.count == settings.hostName.count else { return false }
                for i in name.indices where name[i] != settings.hostName[i] { return false }
                return true
            }
        }
        return false
    }

    /// In which form an own answer would be, from the first words of Accept: a guess that costs nothing when there is none.
    private func program(_ bytes: Span<UInt8>) -> ClientProgram {
        for position in 0..<fields.count where ClientProgram.isUserAgent(bytes, fields[position].name) {
            return ClientProgram.of(bytes, fields[position].value)
        }
        return .other
    }

    private func answerForm(_ bytes: Span<UInt8>) -> ReplyFormat {
        for position in 0..<fields.count where fields[position].known == .accept {
            let value = fields[position].value
            guard value.count > 3 else { return .text }
            return ReplyFormat.glance(bytes, value)
        }
        return .text
    }
}
