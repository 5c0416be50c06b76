import ApusSamples
import Testing

@testable import ApusFlow

@Suite("Those who linger") struct LingerListTests {
    @Test("give way in the order in which they began, and first those who hold a place") func order() {
        var list = LingerList()
        expect(list.first == nil && list.firstCounted == nil)
        list.add(7, isCounted: false)
        expect(list.first == 7 && list.firstCounted == nil)
        list.add(2_000, isCounted: true)
        list.add(3, isCounted: true)
        expect(list.first == 2_000 && list.firstCounted == 2_000)
        // Who is listed keeps its turn, and its kind.
        list.add(2_000, isCounted: true)
        list.add(3, isCounted: false)
        list.remove(2_000)
        expect(list.first == 3 && list.firstCounted == 3)
        list.remove(3)
        expect(list.first == 7 && list.firstCounted == nil)
        list.remove(7)
        list.remove(7)
        list.remove(90_000)
        expect(list.first == nil)
    }

    @Test("a random walk agrees with arrays") func walk() {
        var random = SplitMix(seed: 5)
        var list = LingerList()
        var (counted, excess): ([UInt32], [UInt32]) = ([], [])
        for _ in 0..<10_000 {
            let client = UInt32(random.next() % 40)
            if random.next() % 2 == 0 {
                list.remove(client)
                counted.removeAll { $0 == client }
                excess.removeAll { $0 == client }
            } else {
                let isCounted = random.next() % 2 == 0
                list.add(client, isCounted: isCounted)
                if counted.contains(client) || excess.contains(client) { continue }
                if isCounted { counted.append(client) } else { excess.append(client) }
            }
            expect(list.firstCounted == counted.first)
            expect(list.first == counted.first ?? excess.first)
        }
    }
}
