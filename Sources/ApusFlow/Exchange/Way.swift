/// Which way bytes go.
public enum Way: UInt8, Sendable, BitwiseCopyable {
    /// From the client to the upstream.
    case up
    /// From the upstream to the client.
    case down
}
