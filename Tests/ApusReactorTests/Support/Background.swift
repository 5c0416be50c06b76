import Glibc
import Synchronization

@testable import ApusReactor

private final class Result<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
    let done: (reader: Int32, writer: Int32)

    init() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        done = (ends[0], ends[1])
    }

    deinit {
        close(done.reader)
        close(done.writer)
    }
}

/// Runs on a thread of its own; the answer waits for the result.
func inBackground<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> () -> Value? {
    let result = Result<Value>()
    try? ReactorThread.start(name: "peer") {
        let value = body()
        result.value.withLock { $0 = value }
        write(result.done.writer, "x", 1)
    }
    return {
        var entry = pollfd(fd: result.done.reader, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, 300_000)
        return result.value.withLock { $0 }
    }
}
