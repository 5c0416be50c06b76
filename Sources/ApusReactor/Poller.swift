internal import CApusReactor
internal import Glibc

/// The kernel's readiness: epoll. Another system's goes into a file beside this one, with the same members.
///
/// Sockets are watched by edges and registered once; listeners by level, because an accept burst leaves some behind.
struct Poller: ~Copyable {
    typealias Event = apus_event

    /// How many events one wait may bring.
    static let batch = 256

    let descriptor: Descriptor
    let events: UnsafeMutablePointer<Event>

    init() throws(SocketError) {
        let number = apus_epoll_create()
        guard number >= 0 else { throw SocketError(code: -number) }
        descriptor = Descriptor(adopting: number)
        events = .allocate(capacity: Poller.batch)
    }

    deinit {
        events.deallocate()
    }

    /// Watches a socket by edges for input, and for output if `output`.
    func add(_ socket: Int32, _ token: Token, output: Bool) -> Int32 {
        let flags = Poller.inputEdges | (output ? APUS_OUT : 0)
        return apus_epoll_add(descriptor.number, socket, flags, token.index, token.generation)
    }

    /// Watches a socket for output as well; what is ready at this moment comes as an event again.
    func addOutput(_ socket: Int32, _ token: Token) {
        let flags = Poller.inputEdges | APUS_OUT
        _ = apus_epoll_change(descriptor.number, socket, flags, token.index, token.generation)
    }

    /// Watches a listener by level; of the threads that wait for a shared one the kernel then wakes one, not all.
    func addListener(_ socket: Int32, _ token: Token, shared: Bool) -> Int32 {
        let flags = shared ? APUS_IN | APUS_EXCLUSIVE : APUS_IN
        return apus_epoll_add(descriptor.number, socket, flags, token.index, token.generation)
    }

    /// Turns a listener's events on and off.
    func setListener(_ socket: Int32, _ token: Token, on: Bool, shared: Bool) {
        // What is watched exclusively cannot be changed (epoll_ctl(2)).
        if shared {
            _ = apus_epoll_remove(descriptor.number, socket)
            if on { _ = addListener(socket, token, shared: true) }
            return
        }
        let flags = on ? APUS_IN : 0
        let code = apus_epoll_change(descriptor.number, socket, flags, token.index, token.generation)
        // The first attempt to add it may have found no memory.
        if code == -ENOENT { _ = addListener(socket, token, shared: false) }
    }

    /// Watches a doorbell by edges: each ring is one, though nobody reads the counter.
    func addDoorbell(_ doorbell: Int32, _ token: Token) -> Int32 {
        apus_epoll_add(descriptor.number, doorbell, APUS_IN | APUS_EDGE, token.index, token.generation)
    }

    /// Waits for events and answers how many there are, in `events`. A negative time-out waits for ever.
    func wait(milliseconds: Int32) -> Int {
        Int(max(apus_epoll_wait(descriptor.number, events, Int32(Poller.batch), milliseconds), 0))
    }

    private static let inputEdges = APUS_IN | APUS_PRI | APUS_RDHUP | APUS_EDGE
}

extension apus_event {
    var token: Token {
        @inline(__always) get { Token(index: index, generation: generation) }
    }

    /// What the event says of a socket, as hints of its slot.
    var hints: SlotFlags {
        @inline(__always) get {
            var hints: SlotFlags = []
            if flags & APUS_IN != 0 { hints.insert(.readable) }
            if flags & APUS_OUT != 0 { hints.insert(.writable) }
            // Behind a FIN, an error or urgent data, a short read is no proof that nothing is left.
            if flags & (APUS_RDHUP | APUS_HUP | APUS_ERR | APUS_PRI) != 0 {
                hints.formUnion([.readable, .readToEnd])
                if flags & (APUS_ERR | APUS_HUP) != 0 { hints.insert(.broken) }
            }
            return hints
        }
    }
}
