internal import ApusFlow
internal import ApusReactor

extension Timer {
    /// What a deadline is of.
    enum Kind: UInt8 {
        /// A client's connection, whose exchange tells which deadline runs.
        case client
        /// A request whose bytes a limit lets pass again when it comes.
        case pause
        /// An idle upstream connection in the pool, by its token.
        case pooled
        /// An idle upstream connection that is kept for one client.
        case bound
        /// The attempts to connect to one host.
        case dial
        /// A tunnel.
        case tunnel
        /// A tunnel whose bytes a limit counts: when to count them, or to let them pass again.
        case tunnelCount
    }

    /// The deadline of an idle connection.
    init(_ kind: Kind, _ token: Token) { self.init(kind: kind.rawValue, token) }
}

extension Slab {
    /// The deadline of this kind of the value at an index.
    @inline(__always)
    func timer(_ kind: Timer.Kind, _ index: UInt32) -> Timer {
        Timer(kind: kind.rawValue, index: index, serial: serial(of: index))
    }

    /// Whether the value that a deadline is of is still there.
    func holds(_ timer: Timer) -> Bool { contains(timer.index, serial: timer.serial) }
}
