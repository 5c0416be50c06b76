internal import Glibc

/// What takes the batches of a ``BatchWriter``, on its thread alone.
protocol LogSink: AnyObject {
    /// Writes whole lines or entries; waits as long as its writer goes on.
    func write(_ bytes: [UInt8], _ run: borrowing LogRun)

    /// Opens anew, as after a rotation by somebody else.
    func reopen()
}

/// One call of a sink, seen from the sink.
struct LogRun: ~Copyable {
    /// How long a sink may wait before it asks again, in milliseconds.
    static let slice: Int32 = 100

    /// Whether the sink may still wait, after so many slices in which nothing was taken.
    let goesOn: (_ slices: Int32) -> Bool
    /// Counts lines that were dropped.
    let lost: (UInt64, SocketError?) -> Void

    /// Waits until a descriptor takes bytes; answers whether it does.
    func waits(for descriptor: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        var slices: Int32 = 0
        while poll(&watched, 1, LogRun.slice) <= 0 {
            slices += 1
            if !goesOn(slices) { return false }
        }
        return true
    }
}
