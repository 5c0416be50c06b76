/// How much of a limit is used, by whom it is used most: of what has a fill that stays for a while, which a rate has not.
package struct UsageLevel: Sendable, Equatable {
    /// What is bounded.
    package enum Bound: String, Sendable {
        case connections, tunnels, volume
    }

    /// How many users, clients or rules have a count.
    package private(set) var keys = 0
    /// The bound that is nearest to being met; nil where nothing is used of any.
    package private(set) var bound: Bound?
    /// How much of it is used, and how much may be; bytes of a volume.
    package private(set) var used: UInt64 = 0
    package private(set) var most: UInt64 = 0
    /// Whose count it is.
    package private(set) var key: UsageKey?

    /// Nothing is used.
    package init() {}

    /// Takes another count in.
    mutating func add(_ count: UsageCount, _ bounds: UsageBounds, of key: UsageKey, at moment: UsageMoment) {
        keys += 1
        take(.connections, UInt64(count.open), UInt64(bounds.connections), of: key, isBound: bounds.connections != .max)
        take(.tunnels, UInt64(count.tunnels), UInt64(bounds.tunnels), of: key, isBound: bounds.tunnels != .max)
        if let volume = bounds.volume {
            take(.volume, count.passed(bounds, at: moment), volume, of: key, isBound: true)
        }
    }

    /// Takes in what another part of the counts says.
    package mutating func add(_ other: UsageLevel) {
        keys += other.keys
        if let bound = other.bound, let key = other.key { take(bound, other.used, other.most, of: key, isBound: true) }
    }

    private mutating func take(_ bound: Bound, _ used: UInt64, _ most: UInt64, of key: UsageKey, isBound: Bool) {
        guard isBound, used > 0, self.bound == nil || share(used, most) > share(self.used, self.most) else { return }
        (self.bound, self.used, self.most, self.key) = (bound, used, most, key)
    }

    private func share(_ used: UInt64, _ most: UInt64) -> Double { Double(used) / Double(max(1, most)) }
}
