internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// The dials of a thread, and the sockets of their attempts.
///
/// A connection counts with its origin from the beginning of its attempt; one to a port that this process listens on is known by its own end.
struct Dials: ~Copyable {
    private var states = Slab<DialState>()

    /// Begins a dial, and says its place.
    mutating func begin(
        _ state: DialState,
        as index: inout UInt32,
        _ pool: inout UpstreamPool,
        _ ends: inout OwnEnds,
        _ io: inout ReactorIO
    ) -> DialNews {
        index = states.insert(state)
        let step = states[index].plan.resolved(state.choice.addresses, now: io.now)
        return perform(step, index, nil, &pool, &ends, &io)
    }

    /// An attempt is connected.
    ///
    /// - Returns: nil for a socket that is no attempt of a dial: it is closed.
    mutating func connected(
        _ role: Role,
        _ token: Token,
        _ pool: inout UpstreamPool,
        _ ends: inout OwnEnds,
        _ io: inout ReactorIO
    ) -> DialNews? {
        guard contains(role, token, &io) else { return nil }
        let address = states[role.index].plan.address(of: role.attempt)
        if ends.leadsHere(token, to: address, port: states[role.index].port, io) {
            states[role.index].choice.leadsHere = true
            return failed(role, token, .prohibited, &pool, &ends, &io)
        }
        let step = states[role.index].plan.dialed(role.attempt, now: io.now)
        return perform(step, role.index, nil, &pool, &ends, &io)
    }

    /// An attempt has failed; nil as above.
    mutating func failed(
        _ role: Role,
        _ token: Token,
        _ failure: DialFailure,
        _ pool: inout UpstreamPool,
        _ ends: inout OwnEnds,
        _ io: inout ReactorIO
    ) -> DialNews? {
        guard contains(role, token, &io) else { return nil }
        // Another thread's listener may have closed it before this one heard that it is connected.
        let address = states[role.index].plan.address(of: role.attempt)
        if failure == .reset, ends.leadsHere(token, to: address, port: states[role.index].port, io) {
            states[role.index].choice.leadsHere = true
        }
        closeAttempt(role.index, role.attempt, &pool, &ends, &io)
        let step = states[role.index].plan.dialFailed(role.attempt, reason: failure, now: io.now)
        return perform(step, role.index, nil, &pool, &ends, &io)
    }

    /// Whether a deadline is of a dial that is under way.
    func holds(_ timer: Timer) -> Bool { states.holds(timer) }

    /// The time has come at which a dial wanted to look on; nil where there is no such dial.
    mutating func ticked(
        _ index: UInt32,
        _ pool: inout UpstreamPool,
        _ ends: inout OwnEnds,
        _ io: inout ReactorIO
    ) -> DialNews? {
        guard states.contains(index) else { return nil }
        return perform(states[index].plan.ticked(now: io.now), index, nil, &pool, &ends, &io)
    }

    /// A dial goes on that had found no descriptor for an attempt.
    ///
    /// - Parameter hasRoom: whether one may be found now; else the attempt has failed.
    mutating func goOn(
        _ crowded: CrowdedDial,
        hasRoom: Bool,
        _ pool: inout UpstreamPool,
        _ ends: inout OwnEnds,
        _ io: inout ReactorIO
    ) -> DialNews {
        if hasRoom { return perform(crowded.step, crowded.dial, nil, &pool, &ends, &io) }
        let step = states[crowded.dial].plan.dialFailed(crowded.attempt, reason: crowded.reason, now: io.now)
        return perform(step, crowded.dial, crowded.address, &pool, &ends, &io)
    }

    /// Ends a dial that nobody waits for any more.
    mutating func giveUp(
        _ index: inout UInt32,
        _ pool: inout UpstreamPool,
        _ ends: inout OwnEnds,
        _ io: inout ReactorIO
    ) {
        defer { index = DialState.none }
        guard states.contains(index) else { return }
        for attempt in 0..<states[index].tokens.count { closeAttempt(index, UInt8(attempt), &pool, &ends, &io) }
        states.remove(index)
    }

    /// Carries out what a plan asks for; an attempt that fails at once is the plan's next event.
    private mutating func perform(
        _ first: DialStep,
        _ index: UInt32,
        _ tried: IPAddress?,
        _ pool: inout UpstreamPool,
        _ ends: inout OwnEnds,
        _ io: inout ReactorIO
    ) -> DialNews {
        var step = first
        var news = DialNews(states[index].wait, tried: tried)
        while true {
            for attempt in 0..<UInt8(8) where step.losers & (1 << attempt) != 0 {
                closeAttempt(index, attempt, &pool, &ends, &io)
            }
            if let attempt = step.cancel { closeAttempt(index, attempt, &pool, &ends, &io) }
            if step.outcome != .pending {
                news.outcome = states[index].news(of: step.outcome)
                states.remove(index)
                return news
            }
            if let start = step.start {
                do throws(SocketError) {
                    try attempt(start, index, &pool, &ends, &io)
                    news.hasBegun = true
                } catch {
                    if error.isExhaustion {
                        news.outcome = .crowded(CrowdedDial(index, step, start, error))
                        return news
                    }
                    news.tried = start.address
                    step = states[index].plan.dialFailed(start.attempt, reason: DialFailure(error), now: io.now)
                    continue
                }
                news.tried = start.address
            }
            wake(step.wakeAt, index, &io)
            return news
        }
    }

    private mutating func attempt(
        _ start: DialStep.Start,
        _ index: UInt32,
        _ pool: inout UpstreamPool,
        _ ends: inout OwnEnds,
        _ io: inout ReactorIO
    ) throws(SocketError) {
        let token = try ends.connect(SocketAddress(start.address, port: states[index].port), &io)
        states[index].tokens[Int(start.attempt)] = token
        io.setRole(token, Role(kind: .dialing, attempt: start.attempt, index: index))
        if states[index].origin != .absent { pool.connectionOpened(states[index].origin) }
    }

    /// Arms the plan's next look at the time.
    private func wake(_ at: UInt64?, _ index: UInt32, _ io: inout ReactorIO) {
        guard let at else { return }
        let now = io.now
        let ticks = UInt32(clamping: (max(at, now) - now + 99_999) / 100_000)
        io.arm(states.timer(.dial, index), ticks: max(1, ticks))
    }

    /// Whether a socket is an attempt of a dial; else it serves nobody, and is closed.
    private func contains(_ role: Role, _ token: Token, _ io: inout ReactorIO) -> Bool {
        if states.contains(role.index), states[role.index].tokens[Int(role.attempt)] == token { return true }
        io.close(token)
        return false
    }

    private mutating func closeAttempt(
        _ index: UInt32,
        _ attempt: UInt8,
        _ pool: inout UpstreamPool,
        _ ends: inout OwnEnds,
        _ io: inout ReactorIO
    ) {
        let token = states[index].tokens[Int(attempt)]
        guard !token.isAbsent else { return }
        states[index].tokens[Int(attempt)] = .absent
        ends.forget(token)
        if states[index].origin != .absent { pool.connectionClosed(states[index].origin) }
        io.close(token)
    }
}
