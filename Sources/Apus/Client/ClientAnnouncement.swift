internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// Before stage 2, on listeners where clients are announced: the header of the PROXY protocol says for whom a connection is.
extension Worker {
    /// Bytes where a header is awaited; how many were consumed. What lies behind it is a request already.
    mutating func readAnnouncement(
        _ id: UInt32,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        do throws(ProxyHeaderFault) {
            guard let header = try ProxyHeader.read(bytes) else {
                beginAnnouncement(id, &io)
                return 0
            }
            guard announce(id, header, &io) else { return bytes.count }
            guard header.length < bytes.count else { return header.length }
            return header.length + readClient(id, bytes.extracting(header.length..<bytes.count), &scratch, &io)
        } catch {
            beginAnnouncement(id, &io)
            clients[id].notes.fromClient = UInt64(bytes.count)
            misannounced(id, error == .signature ? .proxyHeaderMissing : .proxyHeaderMalformed, &io)
            return bytes.count
        }
    }

    private mutating func beginAnnouncement(_ id: UInt32, _ io: inout ReactorIO) {
        if clients[id].session.phase == .awaiting { beginNotes(id, &io) }
        performSession(clients[id].session.announcementBegan(), id, &io)
    }

    private mutating func misannounced(_ id: UInt32, _ fault: RequestFault, _ io: inout ReactorIO) {
        performSession(clients[id].session.headEnded(), id, &io)
        refuse(id, .request(fault), &io)
    }

    /// Takes what a header says: the connection is now the client's who is announced, to be judged and counted as such.
    ///
    /// - Returns: whether the connection goes on.
    private mutating func announce(_ id: UInt32, _ header: ProxyHeader, _ io: inout ReactorIO) -> Bool {
        let client = clients[id]
        let balancer = client.address
        // A balancer that speaks for itself, or does not say for whom, is what its own address says.
        let address =
            header.content == .tcp
            ? ClientAddress(header.source, port: header.sourcePort, way: .announced)
            : ClientAddress(balancer.ip, port: balancer.port, way: .unannounced)
        var refusal = whyNotServed(address, Int(client.listener))
        if !shared.caps.announced(address) {
            guard excess < shared.plan.excess else {
                performSession(clients[id].session.stopped(), id, &io)
                return false
            }
            excess += 1
            shared.caps.released(balancer)
            refusal = .clientConnectionLimit
        }
        clients[id].address = address
        clients[id].refusal = refusal
        if address.isAnnounced { announcers.add(client.token, balancer) }
        if let refusal, !isCounted(refusal) {
            turnAway(id, refusal, &io)
            return false
        }
        performSession(clients[id].session.announced(), id, &io)
        return true
    }
}
