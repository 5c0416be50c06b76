import ApusTesting

/// Tells a story in which a client or an origin must be quicker than one of the proxy's deadlines, at the pace of the machine.
///
/// The story is given the deadline. Where a peer came too late it meets the deadline's end and throws a ``PeerFault``; then it is told
/// anew, with four times as much. The last try has more than a minute, and what it throws is a failure.
func atPace(
    from first: Duration,
    _ story: (_ deadline: Duration) async throws -> Void
) async throws {
    var deadline = first
    while deadline < .seconds(20) {
        do { return try await story(deadline) } catch is PeerFault {}
        deadline *= 4
    }
    try await story(.seconds(80))
}
