internal import ApusWire
internal import NIOCore
internal import Synchronization

/// The connections of an admin listener, and who has to give way.
final class PlaceTable: Sendable {
    private struct State {
        var places: ConnectionPlaces<ObjectIdentifier>
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    private let state: Mutex<State>
    private let bits: UInt8

    /// - Parameter bits: how many bits of an IPv6 address name one client.
    init(_ settings: ConnectionPlaces<ObjectIdentifier>.Settings, bits: UInt8) {
        self.bits = bits
        state = Mutex(State(places: ConnectionPlaces(settings)))
    }

    /// A client has connected; another one may be closed for it.
    func enter(_ channel: any Channel) -> ConnectionPlaces<ObjectIdentifier>.Entry {
        let id = ObjectIdentifier(channel)
        let address = channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }.map { $0.counted(bits: bits) }
        let (entry, leaving) = state.withLock { state in
            let entry = state.places.enter(id, from: address)
            var leaving: (any Channel)?
            switch entry {
            case .place(let other), .health(let other):
                state.channels[id] = channel
                if let other { leaving = state.channels.removeValue(forKey: other) }
            case .none: break
            }
            return (entry, leaving)
        }
        leaving?.close(promise: nil)
        return entry
    }

    /// A request has come on it.
    func begins(_ channel: any Channel) { state.withLock { $0.places.begins(ObjectIdentifier(channel)) } }

    /// Every request on it is answered.
    func ends(_ channel: any Channel) { state.withLock { $0.places.ends(ObjectIdentifier(channel)) } }

    /// Has each closed as soon as what was asked on it is answered.
    func quiesce() {
        let channels = state.withLock { Array($0.channels.values) }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    /// It is closed.
    func leave(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { state in
            state.places.leave(id)
            state.channels[id] = nil
        }
    }
}
