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

    /// Whether the sink may still wait.
    let goesOn: () -> Bool
    /// Counts lines that were dropped.
    let lost: (UInt64, SocketError?) -> Void
}
