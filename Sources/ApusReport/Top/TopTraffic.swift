internal import ApusWire

/// Who uses a proxy, for what and how much: clients, users, hosts and rules by requests, bytes and refusals.
package struct TopTraffic: Sendable {
    /// What is ranked.
    package enum List: String, Sendable, CaseIterable {
        case clients, users, hosts, rules
    }

    private var clients: TopTable
    private var users: TopTable
    private var hosts: TopTable
    private var rules: TopTable
    /// What was counted of each rule when that was told last.
    private var known: [String: TopCount] = [:]

    /// Nothing yet.
    ///
    /// - Parameter now: in seconds, by a clock that nobody sets.
    package init(now: Int64) {
        // Together with the history of the page at most 512 KiB, however many names come.
        clients = TopTable(cells: 1000, text: 16 << 10, now: now)
        users = TopTable(cells: 600, text: 16 << 10, now: now)
        hosts = TopTable(cells: 1400, text: 40 << 10, now: now)
        rules = TopTable(cells: 300, text: 16 << 10, now: now)
    }

    /// What all of it takes, in bytes.
    package var memory: Int { clients.memory + users.memory + hosts.memory + rules.memory }

    /// Adds what a thread has handed over.
    package mutating func add(_ tally: TopTally, at now: Int64) {
        tally.clients.each { bytes, count in clients.add(TopTraffic.address(bytes)[...], count, at: now) }
        tally.users.each { users.add($0, $1, at: now) }
        tally.hosts.each { hosts.add($0, $1, at: now) }
    }

    /// Takes what was counted of rules since the start.
    package mutating func take(_ counts: [String: RuleCounts], at now: Int64) {
        for (label, rule) in counts {
            let fresh = rule.top.since(known[label] ?? TopCount())
            guard !fresh.isZero else { continue }
            known[label] = rule.top
            rules.add(Array(label.utf8)[...], fresh, at: now)
        }
    }

    /// The first of a list.
    package mutating func ranking(
        _ list: List,
        _ window: TopWindow,
        by measure: TopMeasure,
        limit: Int,
        at now: Int64
    ) -> TopRanking {
        switch list {
        case .clients: clients.ranking(window, by: measure, limit: limit, at: now)
        case .users: users.ranking(window, by: measure, limit: limit, at: now)
        case .hosts: hosts.ranking(window, by: measure, limit: limit, at: now)
        case .rules: rules.ranking(window, by: measure, limit: limit, at: now)
        }
    }

    /// An address as text; what has no address stays empty.
    private static func address(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        let address: IPAddress
        switch bytes.count {
        case 4: address = IPAddress(v4: UInt32(truncatingIfNeeded: word(bytes)))
        case 16: address = IPAddress(v6High: word(bytes.prefix(8)), low: word(bytes.dropFirst(8)))
        default: return []
        }
        return Array(address.unmapped.description.utf8)
    }
}
