internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// The end of a request, as its record tells it.
struct RequestEnd {
    let ending: Ending
    let fault: Fault?
    /// How long it took up to its answer, in microseconds.
    let total: Int64
    /// How many of its bytes came behind the answer; nil where it was whole.
    var unread: UInt64?

    init(_ ending: Ending, _ fault: Fault?, _ total: Int64, unread: UInt64? = nil) {
        self.ending = ending
        self.fault = fault
        self.total = total
        self.unread = unread
    }
}

/// The record of a request that was answered before it was whole: it is owed until its client has lingered, for how much of it still comes is
/// not known before.
struct OwedRecord {
    var end: RequestEnd
    let denial: Denial?

    /// So many more bytes have come that nobody reads.
    mutating func cameUnread(_ count: UInt64) { end.unread = (end.unread ?? 0) &+ count }
}

extension ClientConnection {
    /// How long its request has run, in microseconds.
    func age(_ now: UInt64) -> Int64 { Int64(now &- notes.startedAt) }
}

/// Stage 7, record, of what is answered early: written when the lingering close ends.
extension Worker {
    /// Keeps what is known of the end, as ``recordExchange(_:_:_:_:)`` would tell it.
    mutating func oweRecord(_ id: UInt32, _ ending: Ending, _ fault: Fault?, _ io: inout ReactorIO) {
        if clients[id].permission.usage != QuotaLedger.none { releaseUsage(id, io) }
        let (token, upstream) = (clients[id].token, clients[id].upstream)
        clients[id].notes.fromClient &+= io.relayTaken(from: token)
        clients[id].notes.toUpstream &+= io.stopRelay(from: token)
        clients[id].notes.add(up: 0, down: io.relayMoved(from: upstream))
        let end = RequestEnd(ending, fault, clients[id].age(io.now), unread: 0)
        owed[id] = OwedRecord(end: end, denial: takeDenial(id, fault))
    }

    /// Counts what a read had of a request behind what was answered in it.
    ///
    /// - Parameters:
    ///   - counted: how many bytes had been counted of the request before the read.
    ///   - consumed: how many bytes of the read were consumed.
    mutating func countUnread(_ id: UInt32, counted: UInt64, consumed: Int) {
        let here = clients[id].notes.fromClient &- counted
        guard UInt64(consumed) > here else { return }
        clients[id].notes.fromClient &+= UInt64(consumed) - here
        owed[id]?.cameUnread(UInt64(consumed) - here)
    }

    /// Writes the record that a client's last request still owes, before the client goes.
    mutating func settleRecord(_ id: UInt32, _ io: borrowing ReactorIO) {
        guard var record = owed.removeValue(forKey: id) else { return }
        let dropped = io.discarded(clients[id].token)
        clients[id].notes.fromClient &+= dropped
        record.cameUnread(dropped)
        recordExchange(id, record.end, record.denial, io)
    }
}
