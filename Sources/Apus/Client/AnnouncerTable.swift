internal import ApusFlow
internal import ApusReactor

/// Who announced a client, by the client's socket: only connections that were announced are here, so that no other pays for it.
struct AnnouncerTable {
    private var announcers: [Token: ClientAddress] = [:]

    /// How many there are.
    var count: Int { announcers.count }

    /// A client was announced.
    mutating func add(_ token: Token, _ announcer: ClientAddress) { announcers[token] = announcer }

    /// Who announced a client; nil for one that came itself.
    func announcer(of client: ClientAddress, _ token: Token) -> ClientAddress? {
        client.isAnnounced ? announcers[token] : nil
    }

    /// The client's socket is closed.
    mutating func remove(_ client: ClientAddress, _ token: Token) {
        if client.isAnnounced { announcers[token] = nil }
    }
}
