internal import ApusFlow

/// What becomes of a request that has been shown to the gate: it may be, now or later, or not.
enum GateStep {
    /// It may be.
    case allowed
    /// It may be, if an address of its host may be reached: the rules are asked again with each.
    case needsAddresses
    /// It may be, and does not go straight to its host, or that is not known before an address of it is.
    case detour
    /// It may be, if an embedder's policy says so.
    case asksEmbedder
    /// It is not known yet whose it is: its credentials have to be verified, and then the rules asked.
    case authenticates(Claim)
    /// It may not be.
    case refused(Fault)
}

extension GateStep {
    /// What becomes of a request that is allowed.
    ///
    /// - Parameter hasRoutes: whether the policy knows other ways than the direct one.
    @inline(__always)
    init(allowed notes: StreamInfo, _ hasRoutes: @autoclosure () -> Bool) {
        guard notes.asksAddresses else {
            self = notes.way == .direct ? .allowed : .detour
            return
        }
        self = hasRoutes() ? .detour : .needsAddresses
    }
}
