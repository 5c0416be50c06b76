extension TopModel {
    /// What a key asks the process to do.
    package enum Effect: Sendable, Equatable {
        case quit
        /// End the tunnel or request of this id.
        case close(OpenRow)
        /// Ask the recorder for this request.
        case show(RequestRow)
    }

    /// Takes a key.
    ///
    /// - Parameter page: how many rows a page of the list has.
    package mutating func press(_ key: Key, page: Int) -> Effect? {
        notice = nil
        if key == .interrupt { return .quit }
        switch mode {
        case .browsing: return browse(key, page)
        case .filtering: type(key)
        case .confirming(let row):
            mode = .browsing
            if key == .character("y") || key == .character("Y") { return .close(row) }
            notice = "Not closed."
        case .detail: read(key, page)
        case .help: mode = .browsing
        }
        return nil
    }

    private mutating func read(_ key: Key, _ page: Int) {
        switch key {
        case .escape, .enter, .backspace, .character("q"): mode = .browsing
        case .down, .character("j"): scrolled += 1
        case .up, .character("k"): scrolled -= 1
        case .pageDown, .character(" "): scrolled += max(page, 1)
        case .pageUp: scrolled -= max(page, 1)
        case .home, .character("g"): scrolled = 0
        case .end, .character("G"): scrolled = .max
        default: break
        }
        scrolled = min(max(scrolled, 0), max(DetailLines.count(self) - 1, 0))
    }

    private mutating func browse(_ key: Key, _ page: Int) -> Effect? {
        switch key {
        case .character("q"), .character("Q"): return .quit
        case .character("p"), .character(" "): hold()
        case .character("/"): mode = .filtering
        case .character("x"), .character("X"): askToClose()
        case .character("j"), .down: move(by: 1)
        case .character("k"), .up: move(by: -1)
        case .pageDown: move(by: max(page, 1))
        case .pageUp: move(by: -max(page, 1))
        case .home, .character("g"): selected = 0
        case .end, .character("G"): move(by: rowCount)
        case .tab: show(1)
        case .backTab: show(Tab.allCases.count - 1)
        case .character("s"): turnOrder()
        case .character("?"): mode = .help
        case .enter: return enter()
        case .escape: setFilter("")
        case .character(let character):
            if let number = character.wholeNumberValue, let tab = Tab(rawValue: number - 1) { show(tab) }
        case .backspace, .redraw, .interrupt: break
        }
        return nil
    }

    /// What the chosen row leads to: a request to its details, what is frequent, or was refused, to its requests.
    private mutating func enter() -> Effect? {
        switch tab {
        case .requests:
            let rows = shownRequests
            guard selected < rows.count else { return nil }
            mode = .detail(rows[selected])
            scrolled = 0
            forgetTransaction()
            return .show(rows[selected])
        case .open: notice = "What is open has its details here; x closes it."
        case .refusals:
            let rows = shownRefusals
            if selected < rows.count { find(rows[selected].host) }
        case .clients, .hosts, .users, .rules:
            let rows = names(tab)
            if selected < rows.count { find(rows[selected].name) }
        }
        return nil
    }

    private mutating func find(_ text: String) {
        tab = .requests
        setFilter(text)
    }

    private mutating func turnOrder() {
        chosenOrders[tab.rawValue] = (chosenOrders[tab.rawValue] + 1) % tab.orders.count
        selected = 0
        notice = "By \(order)."
    }

    private mutating func type(_ key: Key) {
        switch key {
        case .enter, .tab: mode = .browsing
        case .escape:
            mode = .browsing
            setFilter("")
        case .backspace: setFilter(String(filter.dropLast()))
        case .character(let character): if filter.count < 100 { setFilter(filter + String(character)) }
        default: break
        }
    }

    private mutating func setFilter(_ text: String) {
        filter = text
        selected = 0
    }

    private mutating func askToClose() {
        guard tab == .open else {
            notice = "x closes what is chosen in the list of what is open; the tab key goes there."
            return
        }
        let rows = shownOpen
        guard selected < rows.count else { return }
        mode = .confirming(rows[selected])
    }

    private mutating func move(by rows: Int) {
        selected = min(max(selected + rows, 0), max(rowCount - 1, 0))
    }

    private mutating func show(_ step: Int) {
        show(Tab.allCases[(tab.rawValue + step) % Tab.allCases.count])
    }

    private mutating func show(_ tab: Tab) {
        self.tab = tab
        selected = 0
    }
}
