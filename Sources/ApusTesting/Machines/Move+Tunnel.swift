package import ApusFlow

/// The events of a tunnel.
extension Move where Machine == Tunnel {
    /// One end has sent FIN.
    package static func ended(_ end: Tunnel.End) -> Move { Move("ended(\(end))") { $0.ended(end) } }
    /// One end broke.
    package static func failed(_ end: Tunnel.End) -> Move { Move("failed(\(end))") { $0.failed(end) } }
    /// The deadline has passed, and nothing has for longer than any time.
    package static var expired: Move { Move("expired") { $0.expired(TransferProgress(), DeadlineTimes()) } }
    /// The proxy stops.
    package static var stopped: Move { Move("stopped") { $0.stopped() } }
}
