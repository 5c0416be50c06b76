package import ApusWire

/// How many connections each client has; one that has none takes no room.
package struct ClientCounts: Sendable {
    private var counts: [IPAddress: Int] = [:]

    /// Nobody is connected.
    package init() {}

    /// How many a client has.
    package func count(of client: IPAddress) -> Int { counts[client] ?? 0 }

    /// Counts one more unless the client has as many as it may; 0 bounds nothing.
    package mutating func admit(_ client: IPAddress, most: Int) -> Bool {
        let count = counts[client] ?? 0
        guard most == 0 || count < most else { return false }
        counts[client] = count + 1
        return true
    }

    /// One that was admitted is closed.
    package mutating func release(_ client: IPAddress) {
        let count = counts[client] ?? 0
        counts[client] = count > 1 ? count - 1 : nil
    }
}
