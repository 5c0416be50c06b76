import ApusReport

/// A request that has ended, as the log has it.
package struct RequestRow: Sendable, Equatable {
    package let id: String
    /// All members, as they came.
    let record: JSONValue
    /// What a filter is looked for in, in lower case.
    private let searched: String
    let bytes: Double
    let microseconds: Double
    let status: Int
    /// Whether a rule, a guard or a limit said no; that credentials were asked for is none.
    let isRefused: Bool

    init?(_ record: JSONValue) {
        guard let id = record["id"]?.text else { return nil }
        self.id = id
        self.record = record
        bytes = record["bytes_to_client"]?.double ?? 0
        microseconds = record["total_us"]?.double ?? 0
        status = Int(record["status"]?.whole ?? 0)
        isRefused = status != 407 && ["refused", "limit"].contains(record["ended_how"]?.text)
        let names = ["method", "host", "path", "client", "user", "rule", "fault", "reason", "server_name", "upstream"]
        var words = names.compactMap { record[$0]?.text }
        words.append("\(record["status"]?.whole ?? 0)")
        searched = words.joined(separator: " ").lowercased()
    }

    /// The same by name.
    var members: [String: JSONValue] {
        if case .object(let members) = record { members } else { [:] }
    }

    /// Whether it has the text somewhere.
    func holds(_ text: String) -> Bool { text.isEmpty || searched.contains(text.lowercased()) }

    var method: String { record["method"]?.text ?? "-" }
    var fault: String? { record["fault"]?.text }

    /// `13:55:36` of `2000-10-10T13:55:36.123456Z`.
    var clock: String { String((record["time"]?.text ?? "").dropFirst(11).prefix(8)) }

    /// What was asked for: `example.org/path`, `example.org:443`.
    var target: String {
        guard let host = record["host"]?.text else { return "-" }
        let name = host.contains(":") ? "[\(host)]" : host
        let port = record["port"]?.whole ?? 0
        let isTunnel = record["kind"]?.text == "tunnel"
        return name + (isTunnel || port != 80 ? ":\(port)" : "") + (record["path"]?.text ?? "")
    }

    /// Who asked: the user, or else the address.
    var who: String { record["user"]?.text ?? record["client"]?.text ?? "-" }
    var client: String { record["client"]?.text ?? "-" }
    var user: String { record["user"]?.text ?? "" }
    var rule: String { record["rule"]?.text ?? "" }
    var host: String { record["host"]?.text ?? "-" }

    /// The rule that refused, or the label of the fault.
    var why: String {
        guard let fault else { return "" }
        guard fault == "rule", let rule = record["rule"]?.text else { return fault }
        return rule
    }
}

/// A request or tunnel that is open.
package struct OpenRow: Sendable, Equatable {
    package let id: String
    /// `CONNECT example.org:443`.
    package let name: String
    let who: String
    let phase: String
    let age: Double
    let up: Double
    let down: Double
    /// Bytes a second since the list before; nil for one that was not in it.
    var upPerSecond: Double?
    var downPerSecond: Double?
    var perSecond: Double { (upPerSecond ?? 0) + (downPerSecond ?? 0) }

    init?(_ value: JSONValue) {
        guard let id = value["id"]?.text else { return nil }
        self.id = id
        let host = value["host"]?.text ?? "-"
        let port = value["port"]?.whole.map { ":\($0)" } ?? ""
        let path = value["path"]?.text ?? ""
        name = "\(value["method"]?.text ?? "-") \(host.contains(":") ? "[\(host)]" : host)\(port)\(path)"
        who = value["user"]?.text ?? value["client"]?.text ?? "-"
        phase = value["phase"]?.text ?? "-"
        age = value["age_seconds"]?.double ?? 0
        up = value["bytes_from_client"]?.double ?? 0
        down = value["bytes_to_client"]?.double ?? 0
    }

    /// Works out the rates by the same row a moment ago.
    mutating func follow(_ old: OpenRow) {
        let span = age - old.age
        guard span > 0.05 else {
            (upPerSecond, downPerSecond) = (old.upPerSecond, old.downPerSecond)
            return
        }
        upPerSecond = max(up - old.up, 0) / span
        downPerSecond = max(down - old.down, 0) / span
    }

    func holds(_ text: String) -> Bool {
        text.isEmpty || "\(name) \(who) \(phase)".lowercased().contains(text.lowercased())
    }
}

/// What was refused of one host for one reason.
struct RefusalRow: Sendable, Equatable {
    let host: String
    let why: String
    var count = 0
    /// Who was refused: an address, or how many there are.
    var clients: Set<String> = []
    /// When the last one began.
    let clock: String

    /// The groups of these, the newest first, in the order of their newest.
    static func groups(_ rows: [RequestRow]) -> [RefusalRow] {
        var places: [String: Int] = [:]
        var groups: [RefusalRow] = []
        for row in rows where row.isRefused {
            let key = "\(row.host) \(row.why)"
            let place = places[key] ?? groups.count
            if place == groups.count {
                places[key] = place
                groups.append(RefusalRow(host: row.host, why: row.why, clock: row.clock))
            }
            groups[place].count += 1
            groups[place].clients.insert(row.client)
        }
        return groups
    }

    var who: String { clients.count == 1 ? clients.first ?? "" : "\(clients.count) clients" }
}

/// A client, a host, a user or a rule among the most frequent of the last five minutes.
package struct NameRow: Sendable, Equatable {
    let name: String
    let requests: Double
    /// nil where none are counted.
    let bytes: Double?
    let refused: Double

    init?(_ value: JSONValue) {
        guard let name = value["name"]?.text else { return nil }
        self.name = name
        requests = value["requests"]?.double ?? 0
        bytes = value["bytes"]?.double
        refused = value["refused"]?.double ?? 0
    }
}
