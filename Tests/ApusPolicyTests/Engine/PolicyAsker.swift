import ApusAdvice
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
