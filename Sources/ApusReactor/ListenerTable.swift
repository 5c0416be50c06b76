internal import CApusReactor

/// The listeners of one reactor: which of them accept, how many clients at a time, and when one that found no descriptor tries again.
struct ListenerTable: ~Copyable {
    /// Microseconds until a listener that found no descriptor tries again; doubled each time, up to the second.
    static let firstRest: UInt64 = 100_000
    static let longestRest: UInt64 = 1_000_000
    /// How many connections one readiness may bring.
    static let longestBurst = 64

    private struct State {
        /// -1 when closed.
        var descriptor: Int32
        /// Other threads accept from the same socket.
        var isShared = false
        /// How many are accepted at a time: doubled while there are more, so that a lone client costs no EAGAIN.
        var burst = 1
        /// The turn of the last readiness; at first none.
        var turn = UInt64.max - 1
        /// The handler wants no clients.
        var isPaused = false
        /// To be closed once its queue is empty.
        var isClosing = false
        /// Sleeps for want of descriptors until then, in microseconds; 0: it does not.
        var retry: UInt64 = 0
        var rest = ListenerTable.firstRest
        /// `exhausted` was told in this episode.
        var isTold = false

        var isAccepting: Bool { descriptor >= 0 && !isPaused && !isClosing && retry == 0 }
    }

    private var states: [State] = []
    /// Some listener is to be closed.
    private(set) var hasClosing = false
    /// The soonest of the retries; 0: no listener sleeps; 1: one need not sleep any longer.
    private(set) var nextRetry: UInt64 = 0
    /// How often accept was called.
    private(set) var acceptCalls = 0
    /// An errno with which accept is to fail, in tests.
    private var acceptFault: Int32 = 0

    deinit {
        for state in states where state.descriptor >= 0 { apus_close(state.descriptor) }
    }

    private static func token(_ index: Int) -> Token {
        Token(index: ReactorIO.listenerBit | UInt32(index), generation: 0)
    }

    /// Watches another listener, and answers its number.
    mutating func add(_ descriptor: Int32, shared: Bool, now: UInt64, _ poller: borrowing Poller) -> Int {
        let index = states.count
        states.append(State(descriptor: descriptor, isShared: shared))
        let code = poller.addListener(descriptor, ListenerTable.token(index), shared: shared)
        if code != 0 { rest(index, now: now, poller) }
        return index
    }

    private func isOpen(_ index: Int) -> Bool {
        states.indices.contains(index) && states[index].descriptor >= 0 && !states[index].isClosing
    }

    private func watch(_ index: Int, _ poller: borrowing Poller) {
        let state = states[index]
        let token = ListenerTable.token(index)
        poller.setListener(state.descriptor, token, on: state.isAccepting, shared: state.isShared)
    }

    mutating func pause(_ index: Int, _ isPaused: Bool, _ poller: borrowing Poller) {
        guard isOpen(index), states[index].isPaused != isPaused else { return }
        states[index].isPaused = isPaused
        watch(index, poller)
    }

    /// Has a listener closed at the end of this turn.
    mutating func beginClosing(_ index: Int) {
        guard isOpen(index) else { return }
        states[index].isClosing = true
        hasClosing = true
    }

    func isAccepting(_ index: Int) -> Bool { states.indices.contains(index) && states[index].isAccepting }

    /// How many clients a listener that is ready takes at once, from how many the last turns make likely.
    mutating func burst(_ index: Int, turn: UInt64) -> Int {
        let state = states[index]
        let burst = state.turn &+ 1 == turn ? min(state.burst * 2, ListenerTable.longestBurst) : 1
        states[index].burst = burst
        states[index].turn = turn
        return burst
    }

    /// The next client's descriptor, or the negative errno.
    mutating func accept(_ index: Int, _ peer: inout apus_address) -> Int32 {
        acceptCalls += 1
        return acceptFault != 0 ? -acceptFault : apus_accept(states[index].descriptor, &peer)
    }

    /// A client was accepted: an episode without descriptors is over.
    mutating func accepted(_ index: Int) {
        guard states[index].isTold else { return }
        states[index].isTold = false
        states[index].rest = ListenerTable.firstRest
    }

    /// There was nobody more.
    mutating func foundNobody(_ index: Int) { states[index].burst = 1 }

    /// Lets a listener sleep for a while: by level, it would be ready all the time.
    mutating func rest(_ index: Int, now: UInt64, _ poller: borrowing Poller) {
        let rest = states[index].rest
        states[index].retry = now &+ rest
        states[index].rest = min(rest * 2, ListenerTable.longestRest)
        watch(index, poller)
        setNextRetry()
    }

    /// Whether `exhausted` is to be told: once an episode.
    mutating func tells(_ index: Int) -> Bool {
        defer { states[index].isTold = true }
        return !states[index].isTold
    }

    /// Wakes listeners that have slept enough.
    mutating func wake(now: UInt64, _ poller: borrowing Poller) {
        guard nextRetry != 0 && now >= nextRetry else { return }
        let all = nextRetry == 1
        for index in states.indices where states[index].retry != 0 {
            guard all || now >= states[index].retry else { continue }
            states[index].retry = 0
            if states[index].descriptor >= 0 { watch(index, poller) }
        }
        setNextRetry()
    }

    /// The listeners that are to be closed now.
    mutating func takeClosing() -> [Int] {
        hasClosing = false
        return states.indices.filter { states[$0].isClosing && states[$0].descriptor >= 0 }
    }

    mutating func close(_ index: Int) {
        apus_close(states[index].descriptor)
        states[index].descriptor = -1
        states[index].retry = 0
        setNextRetry()
    }

    /// A listener that sleeps for want of descriptors need not wait any longer.
    @inline(__always)
    mutating func descriptorWasClosed() {
        if nextRetry != 0 { nextRetry = 1 }
    }

    private mutating func setNextRetry() {
        nextRetry = 0
        for state in states where state.descriptor >= 0 && state.retry != 0 {
            nextRetry = nextRetry == 0 ? state.retry : min(nextRetry, state.retry)
        }
    }

    /// Has accept fail with an errno from now on; 0: no more.
    mutating func failAccepts(with code: Int32) { acceptFault = code }
}
