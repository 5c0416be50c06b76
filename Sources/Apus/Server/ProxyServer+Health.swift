/// What a service manager wants to know.
extension ProxyServer {
    /// How many clients are connected, and how many tunnels are open; read without asking the threads.
    package var load: (clients: Int, tunnels: Int) {
        guard let shared = life.shared else { return (0, 0) }
        return (shared.caps.connectionCount, shared.caps.tunnelCount)
    }

    /// How many clients were cut off by a stop, or by the time limit of a drain.
    package var cutOff: Int { life.cutOff }

    /// Asks each thread to prove that it turns its loop.
    ///
    /// - Returns: whether there is anybody to ask.
    package func askForTurns() -> Bool {
        guard let shared = life.shared else { return false }
        shared.tell(.proveTurn(shared.turns.ask()))
        return true
    }

    /// The threads that have not turned their loop since they were last asked: none, when all is well.
    package var standingThreads: [Int] { life.shared?.turns.standing ?? [] }
}
