/// A host or a user that came often in the last minutes.
public struct FrequentName: Sendable, Equatable {
    /// The host, normalised, or the user's name.
    public let name: String
    /// How many requests; half of what is older than a minute, and so on.
    public var requests: UInt64
    /// How many bytes passed, both ways, heads included; counted as `requests`.
    public var bytes: UInt64

    /// A name with what was counted of it.
    public init(name: String, requests: UInt64, bytes: UInt64) {
        self.name = name
        self.requests = requests
        self.bytes = bytes
    }

    /// The most frequent names of several threads together.
    public static func merged(_ lists: [[FrequentName]], limit: Int) -> [FrequentName] {
        var sums: [String: FrequentName] = [:]
        for name in lists.joined() {
            guard let known = sums[name.name] else {
                sums[name.name] = name
                continue
            }
            sums[name.name] = FrequentName(
                name: name.name,
                requests: known.requests &+ name.requests,
                bytes: known.bytes &+ name.bytes
            )
        }
        return Array(sums.values.sorted { ($0.requests, $1.name) > ($1.requests, $0.name) }.prefix(limit))
    }
}
