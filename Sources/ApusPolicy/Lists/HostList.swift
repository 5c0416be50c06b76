/// A named list of hosts, such as those of an advertisement blocker.
public struct HostList: Sendable {
    private var names: Set<String>

    /// Makes a list of names, each of which stands for itself alone.
    public init(names: some Sequence<String>) {
        self.names = Set(names)
    }

    /// Whether the list holds the host, given in lower case without a trailing dot.
    public func contains(_ host: Span<UInt8>) -> Bool {
        var bytes: [UInt8] = []
        for index in host.indices { bytes.append(host[index]) }
        return names.contains(String(decoding: bytes, as: UTF8.self))
    }
}
