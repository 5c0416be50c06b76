internal import NIOCore
internal import Synchronization

/// Hands each event to all who listen, as the same bytes. Who does not keep up misses the oldest, and never makes another wait.
final class EventFeed: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<ByteBuffer>.Continuation] = [:]
        var next = 0
        var isOver = false
    }

    private let state = Mutex(State())

    /// How many events wait for a listener at most.
    private static let depth = 8

    /// How many listen.
    var count: Int { state.withLock { $0.listeners.count } }

    /// The events from now on, until the listener goes or the feed ends.
    func listen() -> AsyncStream<ByteBuffer> {
        AsyncStream(bufferingPolicy: .bufferingNewest(EventFeed.depth)) { continuation in
            let number = state.withLock { state -> Int? in
                guard !state.isOver else { return nil }
                state.next += 1
                state.listeners[state.next] = continuation
                return state.next
            }
            guard let number else { return continuation.finish() }
            continuation.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
            }
        }
    }

    /// An event for all.
    func send(_ name: String, _ data: [UInt8]) {
        let event = EventFeed.event(name, data)
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(event) }
    }

    /// Nothing will come any more.
    func end() {
        let listeners = state.withLock { state in
            state.isOver = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }

    /// A server-sent event; the data holds no line break, as all JSON here.
    static func event(_ name: String, _ data: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("event: \(name)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
        return buffer
    }
}
