/// A host or a user that came often in the last five minutes.
public struct FrequentName: Sendable, Equatable {
    /// The host, normalised, or the user's name.
    public let name: String
    /// How many requests and tunnels ended.
    public var requests: UInt64
    /// How many bytes passed, both ways, heads included.
    public var bytes: UInt64

    /// A name with what was counted of it.
    public init(name: String, requests: UInt64, bytes: UInt64) {
        self.name = name
        self.requests = requests
        self.bytes = bytes
    }
}
