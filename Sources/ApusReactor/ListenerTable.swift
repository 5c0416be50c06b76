internal import CApusReactor

/// The listeners of one reactor.
struct ListenerTable: ~Copyable {
    /// Microseconds until a listener that found no descriptor tries again; doubled each time, up to the second.
    static let firstRest: UInt64 = 100_000
    static let longestRest: UInt64 = 1_000_000
    /// How many connections one readiness may bring.
    static let longestBurst = 64

    struct State {
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

    var states: [State] = []
    /// Some listener is to be closed.
    var hasClosing = false
    /// The soonest of the retries; 0: no listener sleeps.
    var nextRetry: UInt64 = 0
    /// How often accept was called.
    var acceptCalls = 0
    /// An errno with which accept is to fail, in tests.
    var acceptFault: Int32 = 0

    deinit {
        for state in states where state.descriptor >= 0 { apus_close(state.descriptor) }
    }

    /// A listener that sleeps for want of descriptors need not wait any longer.
    @inline(__always)
    mutating func descriptorWasClosed() {
        if nextRetry != 0 { nextRetry = 1 }
    }

    mutating func setNextRetry() {
        nextRetry = 0
        for state in states where state.descriptor >= 0 && state.retry != 0 {
            nextRetry = nextRetry == 0 ? state.retry : min(nextRetry, state.retry)
        }
    }
}
