import ApusFlow
import Testing

@testable import Apus

@Suite("Own faults of a server") struct OwnFaultsTests {
    @Test("are told with their place, once a minute at most, and none is left untold at the end") func told() {
        let (told, met) = (ToldWords(), Box<[OwnFault]>([]))
        let faults = OwnFaults { place in met.change { $0.append(place) } }
        let minute: UInt64 = 60_000_000
        for (place, time) in [
            (OwnFault.requestHead, 0), (.poolEntry, 1), (.listener, minute - 1), (.tunnelHello, minute),
            (.ownAnswer, minute + 1),
        ] { faults.met(place, now: time, told.logger) }
        #expect(met.value == [.requestHead, .poolEntry, .listener, .tunnelHello, .ownAnswer])
        #expect(told.words.count == 2)
        #expect(told.words[0].hasPrefix("error: own fault at request_head: "))
        #expect(told.words[1].hasPrefix("error: own faults go on: 3 since "))
        #expect(told.words[1].contains(" at tunnel_hello; "))
        faults.end(told.logger)
        #expect(told.words.count == 3 && told.words[2].contains(": 1;"))
    }

    @Test("that there were none of is nothing to tell") func none() {
        let told = ToldWords()
        OwnFaults { _ in }.end(told.logger)
        #expect(told.words.isEmpty)
    }
}
