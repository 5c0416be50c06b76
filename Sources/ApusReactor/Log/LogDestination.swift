/// Where a ``BatchWriter`` writes.
public enum LogDestination: Sendable {
    /// Descriptor 1, whatever it is.
    case standardOutput
    /// A file that is appended to, created when absent; a FIFO is held open for its readers to come and go.
    case file(path: String, rotation: LogRotation?)
    /// A datagram for each entry.
    case datagrams(to: LogSocket, entries: LogEntries)
}

/// When a file gives way to a new one.
public struct LogRotation: Sendable, Equatable {
    /// No file grows beyond so many bytes, unless a single line is longer.
    public let size: Int
    /// How many old files stay beside it: `.1` (the newest) up to this number.
    public let keep: Int

    public init(size: Int, keep: Int) {
        self.size = size
        self.keep = keep
    }
}

/// A datagram socket of somebody who collects logs.
public enum LogSocket: Sendable, Equatable {
    /// A local socket by its path or, with a leading `@`, its abstract name.
    case local(path: String)
    /// An address.
    case udp(SocketAddress)
}

/// How the bytes given to a ``BatchWriter`` are cut into datagrams.
public enum LogEntries: Sendable {
    /// Makes the datagram of a line without its LF; it is given the time of day in microseconds since 1970.
    public typealias Frame =
        @Sendable (
            _ line: Span<UInt8>, _ microsecondsSince1970: Int64, _ datagram: inout [UInt8]
        ) -> Void

    /// Lines, each ended by LF.
    case lines(Frame)
    /// Entries behind their length, each as ``BatchWriter/appendCounted(_:to:)`` writes it.
    case counted
}

/// What a ``BatchWriter`` could not do.
public enum LogTrouble: Sendable, Equatable {
    /// So many lines have been dropped since the start; without an error they came faster than they were taken.
    case dropped(lines: UInt64, error: SocketError?)
    /// The file could not be put aside; lines go on to the old one.
    case cannotRotate(SocketError)
    /// The file could not be opened anew; lines go on to the old one.
    case cannotReopen(SocketError)
}
