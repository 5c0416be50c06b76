import ApusPolicy
import ApusWire

/// Asks a compiled policy in words, as the shell does in bytes.
struct PolicyAsker {
    let policy: CompiledPolicy
    let listeners: [String]
    var scratch: PolicyScratch

    init(_ rules: PolicyRules, listeners: [String] = []) throws {
        policy = try CompiledPolicy(rules, listeners: listeners)
        self.listeners = listeners
        scratch = PolicyScratch(policy)
    }

    mutating func decide(_ question: PolicyQuestion) -> Decision {
        let (method, host, path) = Self.bytes(question)
        return policy.decide(
            query(question),
            method: method.span,
            host: host.span,
            path: path.span,
            scratch: &scratch
        )
    }

    mutating func limits(_ question: PolicyQuestion) -> [Int] {
        let (method, host, path) = Self.bytes(question)
        var found: [Int] = []
        policy.limits(query(question), method: method.span, host: host.span, path: path.span, scratch: &scratch) {
            found.append($0)
        }
        return found
    }

    private static func bytes(_ question: PolicyQuestion) -> ([UInt8], [UInt8], [UInt8]) {
        (Array(question.method.utf8), Array(question.host.utf8), Array(question.path.utf8))
    }

    func query(_ question: PolicyQuestion) -> PolicyQuery {
        let who: PolicyQuery.Who =
            switch question.user {
            case .unknown: .unknown
            case .named(let name): policy.userIndex(name)
            }
        let literal = IPAddress(question.host)
        return PolicyQuery(
            client: question.client,
            listener: listeners.firstIndex { $0 == question.listener }.map { UInt16($0) } ?? .max,
            who: who,
            groups: policy.groupSet(question.groups),
            method: Self.methods[question.method] ?? .other,
            scheme: question.scheme,
            port: question.port,
            address: question.address ?? literal,
            hostIsAddress: question.address == nil && literal != nil,
            time: question.time
        )
    }

    private static let methods: [String: Method] = [
        "GET": .get, "HEAD": .head, "POST": .post, "PUT": .put, "DELETE": .delete, "CONNECT": .connect,
        "OPTIONS": .options, "TRACE": .trace, "PATCH": .patch,
    ]
}

extension PolicyRules {
    /// Rules in order.
    init(_ rules: Rule...) {
        self.init()
        self.rules = rules
    }
}

extension Rule {
    /// A rule that allows what the closure describes.
    static func allow(_ edit: (inout Condition) -> Void = { _ in }) -> Rule {
        Rule(.allow(Permission()), when: Condition(edit))
    }

    /// A rule that allows what the closure describes, with tunnels of this kind.
    static func allow(tls: TunnelTLS?, _ edit: (inout Condition) -> Void = { _ in }) -> Rule {
        var permission = Permission()
        permission.tls = tls
        return Rule(.allow(permission), when: Condition(edit))
    }

    /// A rule that denies what the closure describes.
    static func deny(report: Bool = false, _ edit: (inout Condition) -> Void = { _ in }) -> Rule {
        Rule(.deny(Rejection()), when: Condition(edit), isReportOnly: report)
    }

    /// A rule that bounds what the closure describes.
    static func limit(_ edit: (inout Condition) -> Void = { _ in }) -> Rule {
        var limit = UsageLimit()
        limit.connections = 1
        return Rule(.limit(limit), when: Condition(edit))
    }
}

extension Condition {
    init(_ edit: (inout Condition) -> Void) {
        self.init()
        edit(&self)
    }
}

extension IPAddress {
    /// A client of the documentation's network.
    static let client = IPAddress(v4: 0xc000_0201)
}

extension PolicyQuestion {
    /// A question of the usual client.
    static func ask(
        _ host: String,
        _ method: String = "GET",
        port: UInt16 = 80,
        path: String = "/",
        from client: IPAddress = .client,
        user: String? = nil,
        groups: [String] = [],
        listener: String? = nil,
        address: String? = nil,
        time: Int64 = 0
    ) -> PolicyQuestion {
        PolicyQuestion(
            method,
            host: host,
            port: port,
            path: method == "CONNECT" ? "" : path,
            from: client,
            user: user.map { .named($0) } ?? .unknown,
            groups: groups,
            listener: listener,
            address: address.flatMap { IPAddress($0) },
            time: time
        )
    }
}
