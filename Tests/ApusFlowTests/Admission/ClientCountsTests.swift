import ApusFlow
import ApusWire
import Testing

@Suite("How many connections each client has")
struct ClientCountsTests {
    private let client = IPAddress(v4: 0xc000_0201)
    private let other = IPAddress(v4: 0xc000_0202)

    @Test("a client has as many as it may, and another its own")
    func bound() {
        var counts = ClientCounts()
        let answers = [client, client, client, other].map { counts.admit($0, most: 2) }
        #expect(answers == [true, true, false, true])
        let (mine, others) = (counts.count(of: client), counts.count(of: other))
        #expect(mine == 2 && others == 1)
        counts.release(client)
        let again = counts.admit(client, most: 2)
        #expect(again)
    }

    @Test("a bound of 0 bounds nothing, and what is released to the last is forgotten")
    func boundless() {
        var counts = ClientCounts()
        for _ in 0..<1_000 {
            let isAdmitted = counts.admit(client, most: 0)
            #expect(isAdmitted)
        }
        for _ in 0..<1_001 { counts.release(client) }
        let left = counts.count(of: client)
        #expect(left == 0)
    }
}
