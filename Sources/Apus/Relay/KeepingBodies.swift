internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// The beginnings of bodies for the recorder, where it is asked for them: what passes through a read is taken from there, and a
/// relay shows what it moves until there is enough. Tunnels are not recorded.
extension Worker {
    /// A body without framing begins; what is counted of its side until now is not part of it.
    @inline(__always)
    mutating func beginBody(_ id: UInt32, _ way: Way) {
        guard journal.keepsBodies else { return }
        let notes = clients[id].notes
        let base = way == .up ? notes.fromClient : notes.fromUpstream
        journal.beginBody(&clients[id].bodies, way, decoder: nil, base: base)
    }

    /// A chunked body begins.
    @inline(__always)
    mutating func beginChunkedBody(_ id: UInt32, _ way: Way, _ decoder: ChunkedDecoder) {
        guard journal.keepsBodies else { return }
        journal.beginBody(&clients[id].bodies, way, decoder: decoder, base: nil)
    }

    /// A run of a read is content.
    @inline(__always)
    mutating func keepBody(_ id: UInt32, _ way: Way, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard clients[id].bodies != OpenBodies.none else { return }
        journal.keepBody(clients[id].bodies, way, bytes, range)
    }

    /// A run of a read is a part of a chunked body.
    @inline(__always)
    mutating func keepChunks(_ id: UInt32, _ way: Way, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard clients[id].bodies != OpenBodies.none else { return }
        journal.keepChunks(clients[id].bodies, way, bytes, range)
    }

    /// Whether a relay is to show what it moves.
    @inline(__always)
    func showsBody(_ id: UInt32, _ way: Way) -> Bool {
        clients[id].bodies != OpenBodies.none && journal.wantsBody(clients[id].bodies, way)
    }

    /// A relay moves this; whether more is wanted.
    mutating func passed(_ role: Role, _ bytes: Span<UInt8>) -> Bool {
        let way: Way
        switch role.kind {
        case .client: way = .up
        case .upstream: way = .down
        case .none, .pooled, .bound, .dialing, .handshaking, .tunnelClient, .tunnelUpstream: return false
        }
        keepBody(role.index, way, bytes, 0..<bytes.count)
        return showsBody(role.index, way)
    }
}
