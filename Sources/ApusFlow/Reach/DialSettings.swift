/// How the addresses of a host are tried.
public struct DialSettings: Sendable, Hashable {
    /// Which family is first.
    public var preference: AddressPreference
    /// Microseconds before the next address is tried beside one that has not answered: 250 ms (RFC 8305 §8), and never
    /// below the 10 ms of that section.
    public var attemptDelay: UInt64
    /// Microseconds for all attempts together: 10 s, as HAProxy's examples and the checklist have it; at most an hour.
    public var timeout: UInt64
    /// How many attempts may run side by side: 3, from 1 to 8. curl runs one for each family; the third is there for a
    /// host whose first address is dead in both.
    public var maxInFlight: Int

    /// Makes settings; what is not named has its default.
    public init(
        preference: AddressPreference = .asResolved,
        attemptDelay: UInt64 = 250_000,
        timeout: UInt64 = 10_000_000,
        maxInFlight: Int = 3
    ) {
        self.preference = preference
        self.attemptDelay = attemptDelay
        self.timeout = timeout
        self.maxInFlight = maxInFlight
    }
}
