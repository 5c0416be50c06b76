import ApusWire
import Testing

@testable import ApusAdmin

@Suite("The places of the admin listener")
struct ConnectionPlacesTests {
    private typealias Places = ConnectionPlaces<Int>

    private func places(most: Int = 4, perAddress: Int = 3, health: Int = 2) -> Places {
        Places(Places.Settings(most: most, perAddress: perAddress, health: health))
    }

    private func address(_ last: UInt32) -> IPAddress { IPAddress(v4: 0x0a00_0000 + last) }

    @Test("the longest idle of all gives way, and who is being answered does not") func idle() {
        var places = places()
        for id in 1...4 { #expect(places.enter(id, from: address(UInt32(id))) == .place(leaves: nil)) }
        places.begins(1)
        #expect(places.enter(5, from: address(5)) == .place(leaves: 2))
        places.ends(1)
        places.begins(3)
        #expect(places.enter(6, from: address(6)) == .place(leaves: 4))
        // Idle since it was answered, and the others since they came.
        #expect(places.enter(7, from: address(7)) == .place(leaves: 5))
        #expect(places.enter(8, from: address(8)) == .place(leaves: 1) && places.count == 4)
    }

    @Test("of an address that has as many as one may, its own gives way, whatever room there is") func address() {
        var places = places(most: 100)
        #expect(places.enter(0, from: address(9)) == .place(leaves: nil))
        for id in 1...3 { #expect(places.enter(id, from: address(1)) == .place(leaves: nil)) }
        #expect(places.enter(4, from: address(1)) == .place(leaves: 1))
        for id in 2...4 { places.begins(id) }
        #expect(places.enter(5, from: address(1)) == .health(leaves: nil))
        #expect(places.enter(6, from: address(2)) == .place(leaves: nil))
        places.leave(3)
        #expect(places.enter(7, from: address(1)) == .place(leaves: nil))
    }

    @Test("where all are at work a few are left for health, and give way in their turn") func health() {
        var places = places()
        for id in 1...4 {
            _ = places.enter(id, from: address(UInt32(id)))
            places.begins(id)
        }
        #expect(places.enter(5, from: address(1)) == .health(leaves: nil))
        #expect(places.enter(6, from: address(6)) == .health(leaves: nil))
        #expect(places.enter(7, from: address(7)) == .health(leaves: 5))
        places.begins(6)
        places.begins(7)
        #expect(places.enter(8, from: address(8)) == .none)
        places.ends(4)
        #expect(places.enter(9, from: address(9)) == .place(leaves: 4))
    }

    @Test("a UNIX socket has no addresses, and no cap by them") func socket() {
        var places = places()
        for id in 1...4 { #expect(places.enter(id, from: nil) == .place(leaves: nil)) }
        #expect(places.enter(5, from: nil) == .place(leaves: 1))
        for id in 2...5 { places.leave(id) }
        places.ends(5)
        #expect(places.count == 0 && places.enter(6, from: nil) == .place(leaves: nil))
    }
}
