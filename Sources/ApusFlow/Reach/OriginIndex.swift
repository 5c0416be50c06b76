/// An origin (host, port, and the way there: by which parent, over what) as a number of one thread's ``UpstreamPool``.
///
/// The serial tells it from the origins that had the slot before: an exchange may hold an index for as long as a
/// look-up takes, and a connection must never be kept under, or taken from, another host's name.
package struct OriginIndex: Sendable, Hashable, BitwiseCopyable {
    let slot: UInt32
    let serial: UInt32

    /// No origin: the table is full, or none was asked for yet.
    package static let absent = OriginIndex(slot: .max, serial: .max)
}
