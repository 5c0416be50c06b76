/// What is known of a socket, one bit each.
struct SlotFlags: OptionSet {
    let rawValue: UInt32

    /// Something may be there to read.
    static let readable = SlotFlags(rawValue: 1 << 0)
    /// The kernel may take output.
    static let writable = SlotFlags(rawValue: 1 << 1)
    /// A short read does not prove that nothing is left: read on until the kernel says so.
    static let readToEnd = SlotFlags(rawValue: 1 << 2)
    /// The kernel reported an error or a hang-up that has not been looked into.
    static let broken = SlotFlags(rawValue: 1 << 3)
    /// The handler wants no input.
    static let paused = SlotFlags(rawValue: 1 << 4)
    /// FIN was read; `ended` is owed or told.
    static let finished = SlotFlags(rawValue: 1 << 5)
    /// `ended` was told.
    static let ended = SlotFlags(rawValue: 1 << 6)
    /// The handshake is under way.
    static let connecting = SlotFlags(rawValue: 1 << 7)
    /// `connected` is owed.
    static let connectedOwed = SlotFlags(rawValue: 1 << 8)
    /// The one optimistic send during the handshake was made.
    static let attempted = SlotFlags(rawValue: 1 << 9)
    /// Output waits, in blocks or in the pipe.
    static let waiting = SlotFlags(rawValue: 1 << 10)
    /// `drained` is owed once nothing waits.
    static let drainOwed = SlotFlags(rawValue: 1 << 11)
    /// FIN is to be sent after what waits, or was sent.
    static let shut = SlotFlags(rawValue: 1 << 12)
    /// `failure` says why the socket is dead; `failed` is owed or told.
    static let failing = SlotFlags(rawValue: 1 << 13)
    /// `failed` was told.
    static let dead = SlotFlags(rawValue: 1 << 14)
    /// Input is dropped; `left` is how much more may come.
    static let discarding = SlotFlags(rawValue: 1 << 15)
    /// Kept bytes are to be shown before anything is read.
    static let showKept = SlotFlags(rawValue: 1 << 16)
    /// Input goes to the socket `partner` unseen; `left` is how much.
    static let relaying = SlotFlags(rawValue: 1 << 17)
    /// In the run queue.
    static let queued = SlotFlags(rawValue: 1 << 18)
    /// The kernel cannot splice from this socket.
    static let unspliceable = SlotFlags(rawValue: 1 << 19)
    /// The poller watches for output too.
    static let outputWatched = SlotFlags(rawValue: 1 << 20)
    /// Much is expected behind the next few bytes: they alone are read, so that the rest can be spliced.
    static let bulk = SlotFlags(rawValue: 1 << 21)
    /// The handler wants to see what the relay moves: it is copied, not spliced.
    static let showing = SlotFlags(rawValue: 1 << 22)
    /// The input of the socket `partner` comes here unseen.
    static let fed = SlotFlags(rawValue: 1 << 23)
    /// A seal stands at it, in the table of seals.
    static let sealed = SlotFlags(rawValue: 1 << 24)
    /// The seal's handshake is under way: what is kept is sealed, and what is sent waits in the table of seals.
    static let opening = SlotFlags(rawValue: 1 << 25)
    /// FIN alone ends a sealed socket's input.
    static let lenient = SlotFlags(rawValue: 1 << 26)
    /// Input is relayed to a sealed socket.
    static let toSealed = SlotFlags(rawValue: 1 << 27)

    /// Any of these and nothing is read.
    static let inputBarred: SlotFlags = [.paused, .finished, .connecting, .dead, .opening]
    /// Any of these and a send takes the long way.
    static let outputBarred: SlotFlags = [.connecting, .waiting, .shut, .failing, .dead, .sealed]
    /// Any of these and a relay to this socket waits, or is lost.
    static let feedingBarred: SlotFlags = [.connecting, .waiting, .shut, .failing, .dead, .opening]
    /// Any of these and a relay is not spliced.
    static let copied: SlotFlags = [.unspliceable, .showing, .toSealed]
    /// Any of these and there is more to an event than reading.
    static let outputWork: SlotFlags = [.connecting, .connectedOwed, .waiting, .drainOwed, .opening]
}

/// The state of one socket: 72 bytes, which is all that an idle one holds.
struct Slot {
    /// No slot, in the links below.
    static let none = UInt32.max

    /// -1 while the slot is free.
    var descriptor: Int32 = -1
    /// Counts the sockets that had this slot.
    var generation: UInt32 = 1
    var flags: SlotFlags = []
    /// The tick of the last byte read or written.
    var activity: UInt32 = 0
    /// A `SocketError` code, or 0.
    var failure: UInt8 = 0
    /// Large reads in a row of the relay from this socket, as far as anybody counts.
    var streak: UInt8 = 0
    /// The other socket of the relays from and to this one; in a free slot, the next free one.
    var partner: UInt32 = Slot.none
    /// The pipe whose bytes are on their way to this socket, behind `output`; -1: none.
    var pipe: Int32 = -1
    /// What the socket is to the handler, who alone knows what it means; 0: nothing.
    var tag: UInt64 = 0
    /// Output that waits.
    var output: UnsafeMutablePointer<Block>?
    /// Input that the handler did not consume.
    var kept: UnsafeMutablePointer<Block>?
    /// How much the relay or the discarding may still take; `.max`: any.
    var left: UInt64 = 0
    /// How much the relay has taken, or has been dropped.
    var taken: UInt64 = 0

    /// Whose input is relayed to this socket.
    var source: UInt32 { flags.contains(.fed) ? partner : Slot.none }
}
