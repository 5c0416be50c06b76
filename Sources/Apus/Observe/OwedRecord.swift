internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// The record of a request that was answered before it was whole: its end is known, and how much of it still comes is not, until its client
/// has lingered.
struct OwedRecord {
    let ending: Ending
    let fault: Fault?
    let denial: Denial?
    /// How long it took up to its answer, in microseconds.
    let total: Int64
    /// How many of its bytes were read behind the answer, in the same read as what was answered.
    var unread: UInt64 = 0
}

/// Stage 7, record, of what is answered early: written when the lingering close ends.
extension ProxyThread {
    /// Keeps what is known of the end, as ``recordExchange(_:_:_:owed:_:)`` would tell it.
    mutating func oweRecord(_ id: UInt32, _ ending: Ending, _ fault: Fault?, _ io: inout ReactorIO) {
        if clients[id].permission.usage != UsageHolds.none { releaseUsage(id, io) }
        let (token, upstream) = (clients[id].token, clients[id].upstream)
        clients[id].notes.fromClient &+= io.relayTaken(from: token)
        clients[id].notes.toUpstream &+= io.stopRelay(from: token)
        clients[id].notes.add(up: 0, down: io.relayMoved(from: upstream))
        owed[id] = OwedRecord(
            ending: ending,
            fault: fault,
            denial: takeDenial(id, fault),
            total: Int64(io.now &- clients[id].notes.startedAt)
        )
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
        owed[id]?.unread &+= UInt64(consumed) - here
    }

    /// Writes the record that a client's last request still owes, before the client goes.
    mutating func settleRecord(_ id: UInt32, _ io: borrowing ReactorIO) {
        guard var record = owed.removeValue(forKey: id) else { return }
        let dropped = io.discarded(clients[id].token)
        clients[id].notes.fromClient &+= dropped
        record.unread &+= dropped
        recordExchange(id, record.ending, record.fault, owed: record, io)
    }
}
