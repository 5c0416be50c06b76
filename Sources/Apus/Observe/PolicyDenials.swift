internal import Synchronization

/// What is told of a refusal beyond its fault, from where it is known to the record: the reason that an embedder's policy or an
/// authenticator gave, or the limit that a head exceeds.
struct Denial: Sendable {
    let reason: String
    let status: UInt16
}

/// The denials under way, by decision id: a handful at any time, and none without a policy.
final class PolicyDenials: Sendable {
    private let reasons = Mutex<[UInt64: Denial]>([:])

    func put(_ id: UInt64, _ denial: Denial) { reasons.withLock { $0[id] = denial } }
    subscript(id: UInt64) -> Denial? { reasons.withLock { $0[id] } }
    func take(_ id: UInt64) -> Denial? { reasons.withLock { $0.removeValue(forKey: id) } }
}
