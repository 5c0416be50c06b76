/// What became of bytes that were to be sent.
public enum SendResult: Sendable, Hashable {
    /// All of them are in the kernel.
    case sent
    /// Some of them wait, in order, and go out by themselves; `drained` follows.
    case waiting
    /// The token is stale: they were dropped.
    case stale
    /// The socket is dead, or its output was shut down: they were dropped. `failed` follows where it has not been told.
    case failed
}
