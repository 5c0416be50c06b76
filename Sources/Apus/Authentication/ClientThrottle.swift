internal import ApusFlow
internal import ApusWire
internal import Synchronization

/// The one throttle of all threads; touched only where credentials are verified, never for those that are remembered.
final class ClientThrottle: Sendable {
    private let state: Mutex<FailureThrottle>

    init(_ settings: FailureThrottleSettings) { state = Mutex(FailureThrottle(settings)) }

    /// How long a client has to wait, in microseconds.
    func wait(_ client: IPAddress, now: UInt64) -> UInt64 { state.withLock { $0.wait(client, now: now) } }

    /// A client's credentials were not valid.
    func failed(_ client: IPAddress, now: UInt64) { state.withLock { $0.failed(client, now: now) } }
}
