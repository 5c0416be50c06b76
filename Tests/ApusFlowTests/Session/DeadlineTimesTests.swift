import ApusFlow
import Testing

@Suite("The times of deadlines") struct DeadlineTimesTests {
    private static let all: [Deadline] = [
        .keep, .none, .head, .keepAlive, .reach, .requestBody, .firstByte, .responseBody, .tunnel, .halfClose, .flush,
        .linger, .clientEnded, .clientHello, .authentication, .policy, .lookUp, .announcement, .judgement,
    ]

    @Test("each deadline has a time of its own") func apart() {
        var times = DeadlineTimes()
        for deadline in Self.all { #expect(times[deadline] == 0) }
        for (place, deadline) in Self.all.enumerated() { times[deadline] = UInt32(place) }
        #expect(Self.all.map { times[$0] } == (0..<UInt32(Self.all.count)).map { $0 })
        // There is no deadline that the table has no place for.
        #expect(Deadline(rawValue: UInt8(Self.all.count)) == nil)
    }
}
