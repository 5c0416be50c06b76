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
        case requests, open, hosts, users, rules

        var title: String {
            switch self {
            case .requests: "Requests"
            case .open: "Open"
            case .hosts: "Hosts"
            case .users: "Users"
            case .rules: "Rules"
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
    /// The requests that the list has, the newest first.
    var shownRequests: [RequestRow] { (held?.requests ?? requests).filter { $0.holds(filter) } }

    /// What is open, as the list has it.
    var shownOpen: [OpenRow] { (held?.open ?? open).filter { $0.holds(filter) } }

    /// The most frequent names of a tab.
    func names(_ tab: Tab) -> [NameRow] {
        let rows = traffic["top"]?[tab.title.lowercased()]?.elements ?? []
        let needle = filter.lowercased()
        return rows.compactMap { NameRow($0) }.filter {
            needle.isEmpty || $0.name.lowercased().contains(needle)
        }
    }

    /// How many rows the list has.
    var rowCount: Int {
        switch tab {
        case .requests: shownRequests.count
        case .open: shownOpen.count
        case .hosts, .users, .rules: names(tab).count
        }
    }
}
