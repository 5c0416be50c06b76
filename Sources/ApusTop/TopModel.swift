import ApusReport

/// What `apus top` knows and what it is looking at: fed with events and keys, drawn by ``TopScreen``.
package struct TopModel: Sendable {
    /// How the connection is doing.
    package enum Link: Sendable, Equatable {
        case connecting
        case live
        /// It is gone, in the words of why, and will be tried again.
        case lost(String)
    }

    /// The lists, in the order of their tabs.
    package enum Tab: Int, Sendable, CaseIterable {
        case requests, open, refusals, clients, hosts, users, rules

        var title: String {
            switch self {
            case .requests: "Requests"
            case .open: "Open"
            case .refusals: "Refusals"
            case .clients: "Clients"
            case .hosts: "Hosts"
            case .users: "Users"
            case .rules: "Rules"
            }
        }

        /// By what its rows can be in order, the usual one first.
        var orders: [String] {
            switch self {
            case .requests: ["ended", "took", "bytes", "status", "host"]
            case .open: ["age", "rate", "bytes"]
            case .refusals: ["last", "times"]
            case .clients, .hosts, .users, .rules: ["requests", "bytes", "refused"]
            }
        }
    }

    /// What keys mean.
    package enum Mode: Sendable, Equatable {
        case browsing
        /// The filter is typed.
        case filtering
        /// This is to be closed, if `y` follows.
        case confirming(OpenRow)
        /// All of one request is shown.
        case detail(RequestRow)
        /// The keys are shown.
        case help
    }

    /// How many requests are kept.
    static let mostRequests = 1000
    /// How many seconds of history: five minutes.
    static let mostHistory = 300

    /// How the connection is doing.
    package var link = Link.connecting
    /// One line for the user, until the next key.
    package var notice: String?
    package internal(set) var mode = Mode.browsing
    package internal(set) var tab = Tab.requests
    package internal(set) var filter = ""
    package internal(set) var isPaused = false
    /// How far down the chosen row is in the list that is shown.
    package internal(set) var selected = 0
    /// How far down the details of a request are shown.
    var scrolled = 0
    /// What `hello` said.
    private(set) var status = JSONValue.null
    private(set) var traffic = JSONValue.null
    /// Requests a second, the oldest first.
    private(set) var history: [Double] = []
    /// The newest first.
    private(set) var requests: [RequestRow] = []
    private(set) var open: [OpenRow] = []
    /// How many are open, of which ``open`` may be the oldest alone.
    private(set) var openTotal = 0
    /// What the recorder has of the request whose details are shown.
    private(set) var transaction = JSONValue.null
    /// By which of its orders each list is.
    var chosenOrders = [Int](repeating: 0, count: Tab.allCases.count)
    /// What was there when it was paused.
    var held: (requests: [RequestRow], open: [OpenRow])?
    /// How many requests have ended since it was paused.
    private(set) var waiting = 0

    /// Begins with nothing, connecting.
    package init() {}

    /// Takes an event of the stream; one that is not known, or not as it should be, changes nothing.
    package mutating func take(_ event: EventStreamParser.Event) {
        guard let value = JSONValue.parse(event.data.span) else { return }
        switch event.name {
        case "hello": greet(value)
        case "traffic": advance(value)
        case "requests": add(value)
        case "open": replaceOpen(value)
        default: break
        }
    }

    /// A stream has begun anew, perhaps that of another process.
    private mutating func greet(_ value: JSONValue) {
        if value["started"] != status["started"] {
            requests = []
            held = nil
            isPaused = false
            waiting = 0
        }
        status = value
        open = []
        openTotal = 0
        history = (value["history"]?.elements ?? []).map { $0["requests_per_second"]?.double ?? 0 }
        traffic = value["history"]?.elements.last ?? .null
        link = .live
    }

    private mutating func advance(_ value: JSONValue) {
        guard case .object = value else { return }
        traffic = value
        history.append(value["requests_per_second"]?.double ?? 0)
        if history.count > Self.mostHistory { history.removeFirst(history.count - Self.mostHistory) }
    }

    private mutating func add(_ value: JSONValue) {
        let new = (value["requests"]?.elements ?? []).compactMap { RequestRow($0) }
        let keeps = selected > 0 && tab == .requests && !isPaused
        requests = Array((new.reversed() + requests).prefix(Self.mostRequests))
        if isPaused { waiting += max(Int(value["total"]?.whole ?? 0), new.count) }
        // Who has moved away from the newest stays at the row that was chosen.
        if keeps { selected = min(selected + new.count { $0.holds(filter) }, max(rowCount - 1, 0)) }
    }

    /// Takes what the recorder holds, the newest first, as `/api/requests` answers: what is known already is left out.
    package mutating func take(recorded bytes: [UInt8]) {
        let known = Set(requests.map(\.id))
        let old = (JSONValue.parse(bytes.span)?["requests"]?.elements ?? []).compactMap { RequestRow($0) }
            .filter { !known.contains($0.id) }
        requests = Array((requests + old).prefix(Self.mostRequests))
    }

    /// Takes what the recorder has of one request, as `/api/requests/ID` answers.
    package mutating func take(transaction bytes: [UInt8]) { transaction = JSONValue.parse(bytes.span) ?? .null }

    /// Forgets it: another one is asked for.
    mutating func forgetTransaction() { transaction = .null }

    private mutating func replaceOpen(_ value: JSONValue) {
        let chosen = tab == .open && rowCount > 0 ? shownOpen[min(selected, rowCount - 1)].id : nil
        var old: [String: OpenRow] = [:]
        for row in open { old[row.id] = row }
        open = (value["open"]?.elements ?? []).compactMap { element in
            guard var row = OpenRow(element) else { return nil }
            if let before = old[row.id] { row.follow(before) }
            return row
        }
        openTotal = max(Int(value["total"]?.whole ?? 0), open.count)
        guard tab == .open else { return }
        let place = shownOpen.firstIndex { $0.id == chosen }
        selected = place ?? min(selected, max(rowCount - 1, 0))
    }

    mutating func hold() {
        isPaused.toggle()
        held = isPaused ? (requests, open) : nil
        waiting = 0
        selected = min(selected, max(rowCount - 1, 0))
    }
}

extension TopModel {
    /// By what the list is in order.
    var order: String { tab.orders[chosenOrders[tab.rawValue]] }

    /// The requests that the list has, the newest first unless another order is chosen.
    var shownRequests: [RequestRow] {
        let rows = (held?.requests ?? requests).filter { $0.holds(filter) }
        return switch Tab.requests.orders[chosenOrders[Tab.requests.rawValue]] {
        case "took": rows.sorted { $0.microseconds > $1.microseconds }
        case "bytes": rows.sorted { $0.bytes > $1.bytes }
        case "status": rows.sorted { $0.status > $1.status }
        case "host": rows.sorted { $0.host < $1.host }
        default: rows
        }
    }

    /// What is open, as the list has it.
    var shownOpen: [OpenRow] {
        let rows = (held?.open ?? open).filter { $0.holds(filter) }
        return switch Tab.open.orders[chosenOrders[Tab.open.rawValue]] {
        case "rate": rows.sorted { $0.perSecond > $1.perSecond }
        case "bytes": rows.sorted { $0.up + $0.down > $1.up + $1.down }
        default: rows
        }
    }

    /// What was refused, by host and reason.
    var shownRefusals: [RefusalRow] {
        let groups = RefusalRow.groups((held?.requests ?? requests).filter { $0.holds(filter) })
        return chosenOrders[Tab.refusals.rawValue] == 0 ? groups : groups.sorted { $0.count > $1.count }
    }

    /// The most frequent names of a tab.
    func names(_ tab: Tab) -> [NameRow] {
        let rows = traffic["top"]?[tab.title.lowercased()]?.elements ?? []
        let needle = filter.lowercased()
        let found = rows.compactMap { NameRow($0) }.filter {
            needle.isEmpty || $0.name.lowercased().contains(needle)
        }
        return switch tab.orders[chosenOrders[tab.rawValue]] {
        case "bytes": found.sorted { ($0.bytes ?? 0) > ($1.bytes ?? 0) }
        case "refused": found.sorted { $0.refused > $1.refused }
        default: found
        }
    }

    /// How many rows the list has.
    var rowCount: Int {
        switch tab {
        case .requests: shownRequests.count
        case .open: shownOpen.count
        case .refusals: shownRefusals.count
        case .clients, .hosts, .users, .rules: names(tab).count
        }
    }
}
