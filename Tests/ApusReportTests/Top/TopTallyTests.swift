import Testing

@testable import ApusReport

@Suite("What a thread hands over")
struct TopTallyTests {
    @Test("it is full when one of its lists is") func full() {
        var tally = TopTally(seed: 3)
        #expect(tally.isEmpty && !tally.isFull)
        for number in 0..<NameTally.most {
            #expect(!tally.isFull)
            tally.hosts.add(Array("\(number).example".utf8).span, bytes: 0, isRefused: false)
        }
        tally.clients.add(high: 0, low: 1, isV6: false, bytes: 0, isRefused: false)
        #expect(tally.isFull && !tally.isEmpty)
    }
}
