internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire

/// The proxy's own answers.
extension Worker {
    /// Ends a client's request with this fault: the answer, while one can be given.
    ///
    /// Where it wants credentials, the client is asked for them (407), and the connection stays open for the same request with them where that is
    /// possible. Without an authenticator nobody could show any, and the answer is 403.
    mutating func refuse(_ id: UInt32, _ fault: Fault, _ io: inout ReactorIO) {
        guard case .refused(let refusal) = fault, refusal.status == 407 else {
            return perform(clients[id].exchange.refused(.fault(fault)), id, &io)
        }
        guard settings.authenticator != nil else { return refuse(id, .refused(.denied), &io) }
        let step = clients[id].exchange.challenged(.fault(fault))
        // What lies behind the request is shown when the pause ends; without one it would wait for the next read.
        if step.leaves == .next { io.pause(clients[id].token) }
        perform(step, id, &io)
    }

    /// Writes and sends an own answer.
    ///
    /// - Parameter closes: whether the client's connection ends behind it.
    mutating func sendAnswer(_ answer: Answer, closes: Bool, _ id: UInt32, _ io: inout ReactorIO) {
        let client = clients[id]
        let headOnly = client.exchange.method == .head
        let second = SystemInfo.unixMicroseconds() / 1_000_000
        var bytes: [UInt8] = []
        switch answer {
        case .fault(let fault) where client.socks.isSpoken: return say(client.socks.answer(to: fault), id, &io)
        case .fault(.request(let fault)) where ForeignReply.bytes(fault) != nil: bytes = ForeignReply.bytes(fault) ?? []
        case .fault(let fault):
            var own = ownAnswer(fault, client, closes: closes, headOnly)
            if let request = words(of: client), request.host > 0 { own.host = request.text(request.hostRange) }
            own.append(to: &bytes, form: client.form, secondsSince1970: second)
        case .options: OptionsAnswer(close: true).append(to: &bytes, secondsSince1970: second)
        case .help:
            let page = HelpPage(
                listener: listeners[Int(client.listener)].place,
                page: client.address.isLocal ? shared.page : nil,
                close: true,
                headOnly: headOnly
            )
            page.append(to: &bytes, form: client.form, secondsSince1970: second)
        case .trace: break
        }
        sendOwn(bytes, id, &io)
    }

    /// TRACE shows the request as it came, but for its credentials (RFC 9110 §9.3.8).
    mutating func sendTrace(_ id: UInt32, _ head: RequestHead, _ bytes: Span<UInt8>, _ io: inout ReactorIO) {
        var answer: [UInt8] = []
        let whole = ByteRange(Int(head.method.start), head.end)
        let second = SystemInfo.unixMicroseconds() / 1_000_000
        let names = settings.configuration.log.secrets
        TraceAnswer(close: true, names: names).append(head: whole, of: bytes, to: &answer, secondsSince1970: second)
        sendOwn(answer, id, &io)
    }

    private mutating func sendOwn(_ answer: [UInt8], _ id: UInt32, _ io: inout ReactorIO) {
        let end = headEnd(of: answer)
        clients[id].notes.toClient &+= UInt64(answer.count)
        clients[id].notes.responseHead = journal.keep(answer.span, 0..<end)
        if journal.keepsBodies {
            journal.beginBody(&clients[id].bodies, .down, decoder: nil, base: nil)
            journal.keepBody(clients[id].bodies, .down, answer.span, end..<answer.count)
        }
        io.send(clients[id].token, answer.span)
    }

    /// Where the head of an own answer ends.
    private func headEnd(of answer: [UInt8]) -> Int {
        var line = 0
        for (index, byte) in answer.enumerated() where byte == 0x0a {
            if index - line <= 1 { return index + 1 }
            line = index + 1
        }
        return answer.count
    }

    /// What there is to say of the limit that refused a request.
    private func bound(_ fault: Fault, _ permission: RequestPermission, _ rules: PolicyRules, tells: Bool) -> String {
        let index = Int(permission.limitRule)
        guard case .refused(let refusal) = fault, index < rules.rules.count,
            case .limit(let limit) = rules.rules[index].action
        else { return "" }
        return limit.words(refusal, wait: permission.retryAfter, tells: tells)
    }

    private func ownAnswer(_ fault: Fault, _ client: ClientConnection, closes: Bool, _ headOnly: Bool) -> LocalReply {
        var status = fault.status
        var sentence = fault.sentence.description
        if case .refused(.denied) = fault, let denial = shared.denials[client.notes.id] {
            status = denial.status
            sentence = denial.reason
        }
        var words: RuleWords?
        if case .refused(.rule) = fault, let snapshot = gate[policy: client.notes.snapshot] {
            let rule = RuleWords(snapshot.policy.rules, rule: client.notes.rule)
            status = rule.status
            sentence = rule.sentence
            words = rule
        }
        if client.permission.limitRule != Decision.noRule, let snapshot = gate[policy: client.notes.snapshot] {
            words = RuleWords(snapshot.policy.rules, rule: client.permission.limitRule)
            sentence += bound(fault, client.permission, snapshot.policy.rules, tells: words?.rule != nil)
        }
        let names = settings.configuration.settingNames
        var hint = fault.hint.text(names)
        if case .request(let request) = fault {
            if let limit = shared.denials[client.notes.id] { sentence += " \(limit.reason)" }
            if client.address.isLocal, let limit = request.limitSetting {
                hint += " " + ("\(limit) sets the limit." as Hint).text(names)
            }
        }
        // Most clients print nothing but this line of a refused CONNECT: the id is in the log in any case.
        let phrase = words.map { $0.phrase ?? ReasonPhrase.of(status).description }
        // A client elsewhere is not told how a rule is lifted; how to mend its own request it may know.
        var isTold = client.address.isLocal
        var fields: [FieldLine] = []
        switch fault {
        // Which setting takes it is nothing for strangers.
        case .request(let request): isTold = isTold || request != .proxyHeaderNotTaken
        case .refused(.credentialsMissing), .refused(.credentialsInvalid):
            isTold = true
            hint = client.program.challengeHint ?? hint
            fields = settings.authenticator?.challenges.map { FieldLine("Proxy-Authenticate", $0) } ?? []
        case .refused(.credentialsThrottled):
            isTold = true
            fields.append(FieldLine("Retry-After", "\(client.permission.retryAfter)"))
        default:
            let seconds = client.permission.retryAfter > 0 ? client.permission.retryAfter : 5
            if status == 429 || status == 503 { fields.append(FieldLine("Retry-After", "\(seconds)")) }
        }
        return LocalReply(
            status: status,
            error: fault.proxyErrorType,
            parameters: fault.receivedStatus.map { [.init("received-status", .integer(Int64($0)))] } ?? [],
            phrase: phrase,
            sentence: sentence,
            hint: isTold ? hint : nil,
            rule: words?.rule,
            contact: words?.contact,
            id: client.notes.id,
            fields: fields,
            close: closes,
            headOnly: headOnly
        )
    }
}
