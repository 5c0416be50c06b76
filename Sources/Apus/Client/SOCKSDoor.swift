internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 2, read, for clients that speak SOCKS: its messages become the same request as a CONNECT, and what is told of it is SOCKS again.
extension Worker {
    /// The first byte of a connection is one of SOCKS; how many bytes were consumed.
    mutating func beginSOCKS(
        _ id: UInt32,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        performSession(clients[id].session.greetingBegan(), id, &io)
        clients[id].socks.began(isOld: bytes[0] == 4)
        clients[id].notes.spoken = .socks(clients[id].socks.version)
        if clients[id].refusal == .protocolNotServed { clients[id].refusal = nil }
        beginTunnelRequest(id)
        guard listeners[Int(clients[id].listener)].protocols.contains(.socks) else {
            return endSOCKS(id, .refused(.protocolNotServed), bytes, &io)
        }
        return readSOCKS(id, bytes, &scratch, &io)
    }

    /// Reads what has come of the messages in front of a tunnel; how many bytes were consumed. What lies behind the request is the tunnel's,
    /// and stays where it is.
    mutating func readSOCKS(
        _ id: UInt32,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        var at = 0
        while at < bytes.count {
            let rest = bytes.extracting(at..<bytes.count)
            let message: SOCKSMessage?
            do throws(SOCKSFault) { message = try SOCKSMessage.read(rest, clients[id].socks) } catch {
                let fault: RequestFault = error == .addressType ? .socksAddressType : .malformedSOCKS
                return endSOCKS(id, .request(error == .noMethods ? .socksMethods : fault), rest, &io) + at
            }
            guard let message else { return at }
            clients[id].notes.fromClient &+= UInt64(message.length)
            at += message.length
            var step: SOCKSStep
            switch message {
            case .greeting(let greeting):
                let (asks, requires) = wantsCredentials(id)
                step = clients[id].socks.greeted(greeting, asks: asks, requires: requires)
            case .credentials(let credentials):
                step = clients[id].socks.showed(credentials, requires: wantsCredentials(id).requires)
                if step.next == .verifies, !identify(id, credentials, rest, &step, &io) { return at }
            case .request(let request):
                step = clients[id].socks.requested(request)
                clients[id].notes.spoken = .socks(request.version)
                clients[id].notes.port = request.port
                if !request.userID.isEmpty { keepUserID(id, rest, request.userID.range) }
                if step.next == .decides { return decide(id, request, rest, &scratch, &io) ? at : bytes.count }
            }
            if let answer = step.answer { say(answer, id, &io) }
            if case .refuses(let fault) = step.next {
                return endSOCKS(id, fault, bytes.extracting(0..<0), &io) + bytes.count
            }
        }
        return at
    }

    /// Sends a message of SOCKS.
    mutating func say(_ answer: SOCKSAnswer, _ id: UInt32, _ io: inout ReactorIO) {
        clients[id].notes.toClient &+= UInt64(answer.count)
        let token = clients[id].token
        answer.with { _ = io.send(token, $0) }
    }

    /// The credentials of a client that waited for it are valid: it may say now what it asks for.
    mutating func identifiedSOCKS(_ id: UInt32, _ io: inout ReactorIO) {
        let step = clients[id].socks.identified()
        if case .refuses(let fault) = step.next { return refuse(id, fault, &io) }
        if let answer = step.answer { say(answer, id, &io) }
        beginTunnelRequest(id)
        performSession(clients[id].session.greetingResumed(), id, &io)
        io.resume(clients[id].token)
    }

    /// Keeps what a client of SOCKS 4 says of its user, for the record alone; the recorder has it as a field.
    private mutating func keepUserID(_ id: UInt32, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard journal.isRead else { return }
        var field = Array("SOCKS-User-ID: ".utf8)
        for place in range { field.append(ByteClass.isFieldContent(bytes[place]) ? bytes[place] : UInt8(ascii: "?")) }
        field += Array("\r\n\r\n".utf8)
        clients[id].notes.requestHead = journal.keep(field.span, 0..<field.count)
    }

    /// The request that is to come is one for a tunnel, whatever becomes of it.
    private mutating func beginTunnelRequest(_ id: UInt32) {
        clients[id].exchange = clients[id].session.newExchange()
        clients[id].exchange.misjudged(.connect, .http11)
    }

    /// Whether a client is asked who it is, and whether it is not served without: not one that is refused whoever it is.
    private func wantsCredentials(_ id: UInt32) -> (asks: Bool, requires: Bool) {
        let refusal = clients[id].refusal
        if refusal != nil, refusal != .clientNotAllowed || !settings.requiresCredentials { return (false, false) }
        return (settings.asksCredentials, settings.requiresCredentials)
    }

    /// Whose credentials are, as far as that is known at once.
    ///
    /// - Parameter step: what comes next where it is known.
    /// - Returns: false where it is not: the client waits, or is refused.
    private mutating func identify(
        _ id: UInt32,
        _ credentials: SOCKSCredentials,
        _ bytes: Span<UInt8>,
        _ step: inout SOCKSStep,
        _ io: inout ReactorIO
    ) -> Bool {
        let context = clients[id].context(now: io.now)
        var permission = clients[id].permission
        let answer = gate.identify(bytes, user: credentials.user, password: credentials.password, context, &permission)
        clients[id].permission = permission
        if case .allowed = answer {
            step = clients[id].socks.identified()
            return true
        }
        performSession(clients[id].session.headEnded(), id, &io)
        _ = clients[id].exchange.requested(.tunnel)
        switch answer {
        case .authenticates(let claim): verify(id, claim, &io)
        case .refused(let fault): refuse(id, fault, &io)
        case .allowed, .needsAddresses, .detour, .asksEmbedder: refuse(id, .internalError(.requestHead), &io)
        }
        return false
    }

    /// Decides about a request, as about a CONNECT to the same place.
    ///
    /// - Returns: whether it goes on; else its client has been answered, and may be gone.
    private mutating func decide(
        _ id: UInt32,
        _ request: SOCKSRequest,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Bool {
        performSession(clients[id].session.headEnded(), id, &io)
        let authority: Authority
        do throws(RequestFault) { authority = try request.authority(bytes) } catch {
            refuse(id, .request(error), &io)
            return false
        }
        clients[id].go(by: Route(to: authority))
        let parsed = ParsedRequest(tunnelTo: authority)
        let host = HostBuffer(bytes, authority)
        let words = ParsedRequest.connectWord
        let (_, requires) = wantsCredentials(id)
        var refusal = clients[id].refusal
        if refusal == .clientNotAllowed, requires { refusal = nil }
        if refusal == nil, requires, clients[id].permission.user == CredentialCache.nobody {
            refusal = .credentialsMissing
        }
        if let refusal {
            keepWords(id, parsed.head, parsed.target, host, words.span, &scratch)
            refuse(id, .refused(refusal), &io)
            return false
        }
        _ = clients[id].exchange.requested(parsed.facts)
        let context = clients[id].context(now: io.now)
        var permission = clients[id].permission
        let step = parsed.with(words.span, host) { gate.decide(context, $0, $1, $2, &clients[id].notes, &permission) }
        clients[id].permission = permission
        _ = goOn(id, step, parsed, host, words.span, &scratch, &io)
        return clients.contains(id) && clients[id].exchange.isRunning
    }

    /// A client's connection ends before it has asked for anything, or for what cannot be.
    ///
    /// - Returns: how many bytes were consumed: all of those that are shown.
    private mutating func endSOCKS(_ id: UInt32, _ fault: Fault, _ bytes: Span<UInt8>, _ io: inout ReactorIO) -> Int {
        clients[id].notes.fromClient &+= UInt64(bytes.count)
        performSession(clients[id].session.headEnded(), id, &io)
        refuse(id, fault, &io)
        return bytes.count
    }
}

/// A message of a client of SOCKS that is whole.
private enum SOCKSMessage {
    case greeting(SOCKSGreeting)
    case credentials(SOCKSCredentials)
    case request(SOCKSRequest)

    var length: Int {
        switch self {
        case .greeting(let greeting): greeting.length
        case .credentials(let credentials): credentials.length
        case .request(let request): request.length
        }
    }

    /// Reads what a session waits for; nil while it is not whole, and where it waits for nothing.
    static func read(_ bytes: Span<UInt8>, _ session: SOCKSSession) throws(SOCKSFault) -> SOCKSMessage? {
        switch session.phase {
        case .none, .verifying, .asked: nil
        case .greeting: try SOCKSGreeting.read(bytes).map { .greeting($0) }
        case .credentials: try SOCKSCredentials.read(bytes).map { .credentials($0) }
        case .request:
            session.version == .v5
                ? try SOCKSRequest.readV5(bytes).map { .request($0) }
                : try SOCKSRequest.readV4(bytes).map { .request($0) }
        }
    }
}
