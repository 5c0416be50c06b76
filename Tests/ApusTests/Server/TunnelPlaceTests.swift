import ApusFlow
import Testing

@testable import Apus

@Suite("A place among the tunnels") struct TunnelPlaceTests {
    private func caps(_ tunnels: Int) -> ClientCaps { ClientCaps(ClientCapSettings(tunnels: tunnels)) }

    @Test("is taken once, and given back once") func once() {
        let caps = caps(2)
        var place = TunnelPlace.none
        // Who asks again, as for another way to the same host, has one already.
        let admitted = [caps.admitTunnel(&place), caps.admitTunnel(&place)]
        #expect(admitted == [true, true] && caps.tunnelCount == 1)
        let taken = place.take()
        #expect(taken == .counted && place == .none)
        caps.release(taken)
        let nothing = place.take()
        caps.release(nothing)
        #expect(nothing == .none && caps.tunnelCount == 0)
    }

    @Test("is none where there are as many as may be; what has become a tunnel's stays counted") func full() {
        let caps = caps(1)
        var (first, second) = (TunnelPlace.none, TunnelPlace.none)
        let admitted = [caps.admitTunnel(&first), caps.admitTunnel(&second)]
        #expect(admitted == [true, false] && second == .none && caps.tunnelCount == 1)
        let tunnel = first.take()
        // Its request ends, and has nothing to give back.
        caps.release(first.take())
        #expect(caps.tunnelCount == 1)
        caps.release(tunnel)
        let again = caps.admitTunnel(&second)
        #expect(again && second == .counted)
    }
}
