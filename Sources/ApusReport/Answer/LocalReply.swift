public import ApusWire

/// A final answer that the proxy makes itself: a refusal, a fault, an upstream that cannot be reached.
///
/// It is written off the hot path. Texts may quote a peer; every form escapes them.
public struct LocalReply: Sendable, Equatable {
    /// The status: a final one that has content.
    public var status: UInt16
    /// The error type for `Proxy-Status: apus; error=…`; no such field without it.
    public var error: ProxyErrorType?
    /// Parameters of the error type.
    public var parameters: [ProxyStatusField.Parameter]
    /// The headline; the status's reason phrase unless set.
    public var title: String
    /// What stands in the status line in place of the status's reason phrase, in visible ASCII and spaces (RFC 9112 §4); the id follows.
    public var phrase: String?
    /// What was wrong, in one sentence.
    public var sentence: String
    /// What would help. Only for clients on this machine: another is not told how a rule is lifted.
    public var hint: String?
    /// The rule of the policy that is behind it, by its name or place.
    public var rule: String?
    /// The host that was asked for, where it is known.
    public var host: String?
    /// Whom the client may ask about it.
    public var contact: String?
    /// The decision id, which the log carries too.
    public var id: UInt64?
    /// Further fields, such as `Allow`, `Retry-After`, `Proxy-Authenticate`.
    public var fields: [FieldLine]
    /// Whether the connection closes behind it.
    public var close: Bool
    /// Whether only the head is sent, with the length the content would have: the answer to HEAD.
    public var headOnly: Bool

    /// Makes an answer.
    public init(
        status: UInt16,
        error: ProxyErrorType? = nil,
        parameters: [ProxyStatusField.Parameter] = [],
        title: String? = nil,
        phrase: String? = nil,
        sentence: String,
        hint: String? = nil,
        rule: String? = nil,
        contact: String? = nil,
        id: UInt64? = nil,
        fields: [FieldLine] = [],
        close: Bool = true,
        headOnly: Bool = false
    ) {
        self.status = status
        self.error = error
        self.parameters = parameters
        self.title = title ?? ReasonPhrase.of(status).description
        self.phrase = phrase
        self.sentence = sentence
        self.hint = hint?.isEmpty == true ? nil : hint
        self.rule = rule
        self.contact = contact
        self.id = id
        self.fields = fields
        self.close = close
        self.headOnly = headOnly
    }

    /// The answer to a request that is at fault. Its hint says how to write the request, not how to lift a rule, so
    /// every client may see it.
    public init(_ fault: RequestFault, id: UInt64? = nil, headOnly: Bool = false) {
        self.init(
            status: fault.status,
            error: fault.proxyErrorType,
            sentence: fault.sentence.description,
            hint: fault.hint.description,
            id: id,
            headOnly: headOnly
        )
    }

    /// The answer in place of a response that is at fault.
    public init(_ fault: ResponseFault, id: UInt64? = nil, close: Bool = true, headOnly: Bool = false) {
        self.init(
            status: fault.status,
            error: fault.proxyErrorType,
            sentence: fault.sentence.description,
            hint: fault.hint.description,
            id: id,
            close: close,
            headOnly: headOnly
        )
    }

    /// Appends the whole response, in the form the client likes.
    ///
    /// - Parameters:
    ///   - form: see ``ReplyFormat/choose(_:_:)``.
    ///   - secondsSince1970: now, for `Date`.
    public func append(to bytes: inout [UInt8], form: ReplyFormat, secondsSince1970: Int64) {
        var content: [UInt8] = []
        switch form {
        case .text: writeText(into: &content)
        case .html: writeHTML(into: &content)
        case .json: writeJSON(into: &content)
        }
        let head = AnswerHead(
            status: status,
            phrase: phrase.map { phrase in idText.map { "\(phrase) (id \($0))" } ?? phrase },
            contentType: form.mediaType,
            contentLength: content.count,
            proxyStatus: error.map { ProxyStatusField(error: $0, parameters: parameters) },
            fields: form == .html ? [AnswerPage.policy] + fields : fields,
            close: close,
            secondsSince1970: secondsSince1970
        )
        head.write(into: &bytes)
        if !headOnly { bytes.append(contentsOf: content) }
    }

    /// The decision id as 16 hexadecimal digits.
    var idText: String? {
        guard let id else { return nil }
        var bytes: [UInt8] = []
        bytes.write(hexadecimal: id)
        return String(decoding: bytes, as: UTF8.self)
    }
}
