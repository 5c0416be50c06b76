package import ApusWire

/// Slows down who guesses credentials: after some failures a client may try again only as they are forgotten, one by one.
///
/// A client is an IPv4 address, or an IPv6 network, which is what one subscriber has. Attempts that are under way
/// when others fail are not taken back; their failures count on, so that over time the rate holds all the same. Times are
/// microseconds, given as arguments.
package struct FailureThrottle: Sendable {
    private let settings: FailureThrottleSettings
    /// When all failures of a client will have been forgotten.
    private var clear: [IPAddress: UInt64] = [:]

    /// Makes an empty throttle.
    package init(_ settings: FailureThrottleSettings = FailureThrottleSettings()) { self.settings = settings }

    /// How many clients it remembers.
    package var count: Int { clear.count }

    /// How long a client has to wait before it may try, in microseconds; 0 when it may.
    package func wait(_ client: IPAddress, now: UInt64) -> UInt64 {
        guard settings.failures > 0, let clear = clear[client.counted(bits: settings.bits)], clear > now else {
            return 0
        }
        let open = UInt64(settings.failures - 1) * settings.interval
        return clear - now > open ? clear - now - open : 0
    }

    /// A client has shown credentials that are not valid.
    package mutating func failed(_ client: IPAddress, now: UInt64) {
        guard settings.failures > 0 else { return }
        let key = client.counted(bits: settings.bits)
        if clear[key] == nil, clear.count >= settings.capacity { makeRoom(now) }
        let worst = now &+ settings.most * settings.interval
        clear[key] = min(max(clear[key] ?? 0, now) &+ settings.interval, worst)
    }

    /// Forgets who is clear already, or else a quarter, those who would be first: looking for one each time would cost who guesses
    /// from many addresses nothing, and all clients a pause.
    private mutating func makeRoom(_ now: UInt64) {
        clear = clear.filter { $0.value > now }
        guard clear.count >= settings.capacity else { return }
        var left = max(1, clear.count / 4)
        let bound = clear.values.sorted()[left - 1]
        clear = clear.filter { entry in
            guard left > 0, entry.value <= bound else { return true }
            left -= 1
            return false
        }
    }
}

/// How many failures a client is forgiven.
package struct FailureThrottleSettings: Sendable {
    /// How many failures in a row are let pass; 0 lets any number pass.
    package var failures: Int
    /// In what time one failure is forgotten, in microseconds.
    package var interval: UInt64
    /// The most failures that count, so that an address that is shared is not shut out for long.
    package var most: UInt64
    /// The most clients that are remembered.
    package var capacity: Int
    /// How many bits of an IPv6 address name one client.
    package var bits: UInt8

    /// Makes settings; by default ten failures, then one each 6 s, and nobody waits longer than 10 min.
    package init(
        failures: Int = 10,
        interval: UInt64 = 6_000_000,
        most: UInt64 = 100,
        capacity: Int = 16_384,
        bits: UInt8 = 64
    ) {
        self.failures = failures
        self.interval = interval
        self.most = max(most, UInt64(max(failures, 0)))
        self.capacity = max(1, capacity)
        self.bits = bits
    }
}
