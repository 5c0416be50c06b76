internal import ApusFlow
internal import ApusReport

/// Which of the recorded requests are wanted: every condition that is given must hold.
struct RequestFilter {
    private let text: String?
    private let host: String?
    private let status: String?
    private let user: String?
    private let rule: String?
    private let client: String?

    /// Reads the conditions from the parameters of a query; an empty one is none.
    init(_ parameter: (String) -> String?) {
        func given(_ name: String) -> String? {
            let value = parameter(name)
            return value == "" ? nil : value
        }
        text = given("text")?.lowercased()
        host = given("host")?.lowercased()
        status = given("status")?.lowercased()
        user = given("user")
        rule = given("rule")
        client = given("client")
    }

    var isEmpty: Bool { [text, host, status, user, rule, client].allSatisfy { $0 == nil } }

    /// Whether the status that is wanted is neither one, as `404`, nor a class, as `4xx`.
    var hasFaultyStatus: Bool {
        guard let status else { return false }
        let digits = status.utf8.prefix { 0x30...0x39 ~= $0 }.count
        return status.utf8.count != 3 || digits != 3 && !(digits == 1 && status.hasSuffix("xx"))
    }

    func matches(_ record: AccessRecord, redactQueries: QueryRedaction) -> Bool {
        if let host, record.host != host, !record.host.hasSuffix("." + host) { return false }
        if let status, !RequestFilter.has(record.status, status) { return false }
        if let user, record.user != user { return false }
        if let rule, record.rule != rule { return false }
        if let client, record.clientAddress != client { return false }
        guard let text else { return true }
        let words = [
            record.method, record.host, SecretQuery.shown(record.path, redactQueries), record.user, record.rule,
            record.reason, record.fault,
            record.clientAddress, record.idText, "\(record.status)",
        ]
        return words.contains { $0?.lowercased().contains(text) == true }
    }

    /// Whether a status is `404`, or one of `4xx`.
    private static func has(_ status: UInt16, _ wanted: String) -> Bool {
        "\(status)" == wanted || wanted.hasSuffix("xx") && wanted.count == 3 && wanted.hasPrefix("\(status / 100)")
    }
}
