internal import CApusReactor
internal import Glibc

/// The way from a handler to its sockets, and all the state of one reactor: slots, wheel, pipes, poller, buffers.
///
/// It is a local of the thread that runs the reactor, so that no call on it counts references or checks exclusivity.
/// Calls with a stale token do nothing.
public struct ReactorIO: ~Copyable {
    /// How much one read may bring, and how much may be left unconsumed: 128 KiB.
    public static let inputCapacity = 128 << 10
    /// How much the handler's scratch holds: 192 KiB.
    public static let scratchCapacity = 192 << 10
    /// Up to so many bytes of input are copied behind a run of the scratch and sent with it.
    static let joinedCapacity = 4096

    /// Reads of one socket before the others have their turn; bytes, where they are spliced.
    package static let readsPerTurn = 4
    package static let splicedPerTurn = 1 << 20
    /// A bounded relay with this much to go is spliced at once.
    package static let spliceBounded: UInt64 = 32 << 10
    /// How much is read at once from a socket of which bulk is expected: a head and a little more.
    package static let bulkHead = 4 << 10
    /// A read of this size counts as large; so many large ones in a row, and a stream is spliced.
    package static let spliceRead = 64 << 10
    package static let spliceStreak: UInt8 = 3
    /// A splice below this size counts as small; as many small ones in a row, and it is copied again.
    package static let spliceSmall = 16 << 10
    /// Whether accepted sockets are watched for output from the start, or from the first full send buffer on: with
    /// the former, each costs an event that says nothing.
    package static let watchesAcceptedOutput = false

    let poller: Poller
    let doorbell: Waker
    var slots = SlotTable()
    var wheel: Wheel
    var pipes = PipePool()
    var listeners = ListenerTable()
    var trim = HeapTrim()
    var seals = SealTable()

    /// Numbers of sockets and pipes stay below this.
    var ceiling = Int32.max
    /// How many connections either way were turned away for want of a descriptor.
    public internal(set) var turnedAway: UInt64 = 0

    var buffers: Buffers
    var queue = RunQueue()

    /// Monotonic microseconds, read once a turn of the loop (CLOCK_MONOTONIC).
    public private(set) var now: UInt64
    /// `now` in ticks of 100 ms.
    public private(set) var tick: UInt32
    private var nextTick: UInt64
    /// Stands for the clock in tests.
    package var manualClock: UInt64?
    /// Counts the turns of the loop.
    package internal(set) var turns: UInt64 = 0
    /// `stop` was called.
    public private(set) var isStopping = false

    /// - Throws: the errno of what the kernel refused.
    package init(doorbell: Waker, manualClock: UInt64? = nil) throws(SocketError) {
        let poller = try Poller()
        let code = poller.addDoorbell(doorbell.number, Token(index: ReactorIO.doorbellIndex, generation: 0))
        guard code == 0 else { throw SocketError(code: -code) }
        buffers = try Buffers()
        now = manualClock ?? apus_now_us()
        tick = UInt32(truncatingIfNeeded: now / Wheel.tick)
        nextTick = UInt64(tick) * Wheel.tick + Wheel.tick
        wheel = Wheel(position: tick)
        self.poller = poller
        self.doorbell = doorbell
        self.manualClock = manualClock
        apus_ignore_broken_pipe()
    }

    deinit {
        for index in 0..<UInt32(slots.capacity) {
            let slot = slots[index]
            guard slot.pointee.descriptor >= 0 else { continue }
            apus_close(slot.pointee.descriptor)
            Block.clear(&slot.pointee.output)
            Block.clear(&slot.pointee.kept)
        }
    }

    /// Indices of events that are not about a slot.
    static let doorbellIndex = UInt32.max
    static let listenerBit: UInt32 = 1 << 31

    /// How many sockets are open, listeners not counted.
    public var openSockets: Int { slots.used }

    /// Reads the clock anew, in the middle of a long turn.
    public mutating func refreshNow() {
        now = manualClock ?? apus_now_us()
        // A division only when the tick has changed.
        if now >= nextTick || now &+ Wheel.tick < nextTick {
            tick = UInt32(truncatingIfNeeded: now / Wheel.tick)
            nextTick = UInt64(tick) * Wheel.tick + Wheel.tick
        }
    }

    /// The loop ends after this turn.
    public mutating func stop() {
        isStopping = true
    }

    /// Serves a socket again in this turn or the next.
    mutating func enqueue(_ index: UInt32) { queue.add(index, slots[index]) }

    /// Serves a socket again, unless its service is under way and will come to it anyhow.
    mutating func wake(_ index: UInt32) {
        if !queue.isServing(index) { enqueue(index) }
    }

    /// Whether an index and generation, kept across a call of the handler, still name an open socket.
    @inline(__always)
    func isAlive(_ token: Token) -> Bool {
        slots[token.index].pointee.generation == token.generation
    }

    var input: UnsafeMutablePointer<UInt8> {
        @inline(__always) get { buffers.input }
    }
    var scratch: UnsafeMutablePointer<UInt8> {
        @inline(__always) get { buffers.scratch }
    }
    var spare: UnsafeMutablePointer<UInt8> {
        @inline(__always) get { buffers.spare }
    }
    var sealedInput: UnsafeMutablePointer<UInt8> {
        @inline(__always) get { buffers.sealedInput }
    }
    var sealedOutput: UnsafeMutablePointer<UInt8> {
        @inline(__always) get { buffers.sealedOutput }
    }
}
