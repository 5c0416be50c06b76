internal import CApusReactor

/// The pipes through which bytes are spliced. They are lent for a burst, newest first.
struct PipePool: ~Copyable {
    /// What is wished for as capacity, in bytes; without privileges the kernel gives some pipes less.
    private(set) var capacity = 1 << 20
    /// How many pipes may be open; who finds none copies.
    private var limit = 64
    /// Their numbers stay below this.
    private var ceiling = Int32.max
    /// How many empty pipes are kept open.
    private static let spare = 32

    struct Pipe {
        var reader: Int32
        var writer: Int32
        /// How many bytes are in it.
        var bytes: Int
        var capacity: Int
    }

    private(set) var pipes: [Pipe] = []
    /// Places of `pipes` that are open and empty.
    private(set) var idle: [Int32] = []
    /// Places of `pipes` that are closed.
    private var vacant: [Int32] = []

    deinit {
        for pipe in pipes where pipe.reader >= 0 {
            apus_close(pipe.reader)
            apus_close(pipe.writer)
        }
    }

    subscript(_ index: Int32) -> Pipe {
        @inline(__always) get { pipes[Int(index)] }
    }

    /// So many bytes are in a pipe that was empty.
    @inline(__always)
    mutating func filled(_ index: Int32, _ count: Int) { pipes[Int(index)].bytes = count }

    /// So many bytes have left a pipe.
    @inline(__always)
    mutating func emptied(_ index: Int32, by count: Int) { pipes[Int(index)].bytes -= count }

    /// Bounds the pipes; those that are open and idle beyond that are closed.
    mutating func limit(to count: Int, size: Int) {
        limit = max(0, count)
        capacity = size
        if self.count > count { _ = releaseIdle() }
    }

    /// Has pipes that are opened from now on keep below a number.
    mutating func keepBelow(_ ceiling: Int32) { self.ceiling = ceiling }

    /// How many are open, lent ones and idle ones.
    var count: Int { pipes.count - vacant.count }

    /// Lends an empty pipe; nil when as many are open as may be, or the kernel gives none.
    mutating func take() -> Int32? {
        if let index = idle.popLast() { return index }
        guard count < limit else { return nil }
        var pipe = Pipe(reader: -1, writer: -1, bytes: 0, capacity: 0)
        let capacity = apus_pipe(&pipe.reader, &pipe.writer, Int32(clamping: capacity))
        guard capacity > 0 else { return nil }
        guard pipe.reader < ceiling, pipe.writer < ceiling else {
            apus_close(pipe.reader)
            apus_close(pipe.writer)
            return nil
        }
        pipe.capacity = Int(capacity)
        if let index = vacant.popLast() {
            pipes[Int(index)] = pipe
            return index
        }
        pipes.append(pipe)
        return Int32(pipes.count - 1)
    }

    /// Takes a pipe back. One with bytes in it is closed: the next borrower would send them to a stranger.
    mutating func give(_ index: Int32) {
        if pipes[Int(index)].bytes == 0 && idle.count < PipePool.spare && count <= limit {
            idle.append(index)
        } else {
            close(index)
        }
    }

    /// Closes the idle pipes, whose descriptors are needed elsewhere.
    ///
    /// - Returns: whether there was one.
    mutating func releaseIdle() -> Bool {
        if idle.isEmpty { return false }
        while let index = idle.popLast() { close(index) }
        return true
    }

    private mutating func close(_ index: Int32) {
        apus_close(pipes[Int(index)].reader)
        apus_close(pipes[Int(index)].writer)
        pipes[Int(index)] = Pipe(reader: -1, writer: -1, bytes: 0, capacity: 0)
        vacant.append(index)
    }
}
