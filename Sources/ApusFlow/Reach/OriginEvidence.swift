/// What a thread has seen of an origin that tells whether it keeps idle connections: a request that may not be repeated is lost on one that the
/// origin closes just then (RFC 9112 §9.3.1).
///
/// Nothing is believed of an origin before it has shown it. It *keeps* once it has answered twice on one connection, or leaves one idle for
/// 50 ms; it *drops*, for 60 s, once it has ended one without a word within a second of an answer. Times are microseconds.
struct OriginEvidence: Sendable, BitwiseCopyable {
    /// For how long a connection must have been idle to show that the origin keeps it.
    static let witness: UInt64 = 50_000
    /// How soon after an answer an end shows that the origin drops connections; later it may be an idle time of its own.
    static let soon: UInt64 = 1_000_000
    /// For how long that holds.
    static let memory: UInt64 = 60_000_000

    private var hasAnsweredAgain = false
    private var dropsUntil: UInt64 = 0

    /// Whether a second answer would tell nothing new.
    var isKnown: Bool { hasAnsweredAgain }

    /// The origin has answered another request on a connection.
    mutating func answeredAgain() { hasAnsweredAgain = true }

    /// The origin has ended a connection without a word, which had been idle for so long.
    mutating func ended(idle: UInt64, now: UInt64) {
        guard idle < OriginEvidence.soon else { return }
        hasAnsweredAgain = false
        dropsUntil = now &+ OriginEvidence.memory
    }

    /// Whether it keeps connections, as far as is known.
    ///
    /// - Parameter oldest: for how long its oldest idle connection has been idle.
    func keeps(oldest: UInt64, now: UInt64) -> Bool {
        now >= dropsUntil && (hasAnsweredAgain || oldest >= OriginEvidence.witness)
    }
}
