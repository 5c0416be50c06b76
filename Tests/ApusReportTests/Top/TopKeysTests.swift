import Testing

@testable import ApusReport

@Suite("The keys of a ranking")
struct TopKeysTests {
    private func add(_ name: String, _ requests: UInt64 = 1, to keys: inout TopKeys) -> UInt32 {
        keys.add(Array(name.utf8)[...], TopCount(requests: requests))
    }

    @Test("the first thousand are exact, whatever their order") func exact() {
        var keys = TopKeys(text: 64 << 10)
        for round in 0..<3 {
            for number in 0..<TopKeys.most {
                #expect(add("host-\(number).example", to: &keys) == UInt32(number + 1), "\(round)")
            }
        }
        #expect(keys.count == TopKeys.most)
        for number in 1...UInt32(TopKeys.most) {
            let place = keys.place(of: number)
            #expect(place.map { keys.total(at: $0) } == TopCount(requests: 3))
            #expect(place.map { keys.missing(at: $0) } == TopCount())
        }
    }

    @Test("then the heaviest stay, and a count is never more than it was, nor less by more than may be missing")
    func spaceSaving() {
        var keys = TopKeys(text: 64 << 10)
        var truth: [String: UInt64] = [:]
        var numbers: [String: UInt32] = [:]
        var state: UInt64 = 5
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let dice = state >> 40
            // A tenth is of ten hosts, the rest is of hosts that come once or twice.
            let name = dice % 10 == 0 ? "big-\(dice / 10 % 10)" : "small-\(dice % 9000)"
            truth[name, default: 0] += 1
            numbers[name] = add(name, to: &keys)
        }
        #expect(keys.count <= TopKeys.most)
        var found = 0
        for (name, number) in numbers {
            guard let place = keys.place(of: number) else { continue }
            found += 1
            let (count, missing) = (keys.total(at: place).requests, keys.missing(at: place).requests)
            let right = truth[name] ?? 0
            #expect(count <= right && right <= count + missing, "\(name): \(count) + \(missing), truly \(right)")
            #expect(String(decoding: keys.name(at: place), as: UTF8.self) == name)
        }
        #expect(found == keys.count)
        for number in 0..<10 { #expect(numbers["big-\(number)"].flatMap { keys.place(of: $0) } != nil) }
    }

    @Test("names take no more than they may") func text() {
        var keys = TopKeys(text: 2000)
        for number in 0..<500 { _ = add(String(repeating: "x", count: 90) + "\(number)", to: &keys) }
        #expect(keys.count > 10 && keys.count <= 21)
        #expect(add(String(repeating: "y", count: 4000), to: &keys) > 0)
    }
}
