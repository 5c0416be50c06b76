internal import ApusFlow

/// What becomes of a request that has been shown to the gate: it may be, now or later, or not.
enum GateStep {
    /// It may be.
    case allowed
    /// It may be, if an address of its host may be reached: the rules are asked again with each.
    case needsAddresses
    /// It may be, if an embedder's policy says so.
    case asksEmbedder
    /// It is not known yet whose it is: its credentials have to be verified, and then the rules asked.
    case authenticates(Claim)
    /// It may not be.
    case refused(Fault)
}
