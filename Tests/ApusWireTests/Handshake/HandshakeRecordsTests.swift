import Testing

@testable import ApusWire

@Suite("Records of a handshake") struct HandshakeRecordsTests {
    private func scan(_ bytes: [UInt8], limit: Int = 16 << 10) -> HandshakeRecords.Scan {
        HandshakeRecords.scan(bytes.span, limit: limit)
    }

    @Test(
        "what is no TLS is known at its first odd byte",
        arguments: [
            "GET / HTTP/1.1\r\n", "SSH-2.0-x\r\n", "\u{13}BitTorrent protocol", "\u{19}\u{3}\u{3}", "\u{0}",
            "\u{16}GET",
            "\u{15}\u{10}", "EHLO",
        ]
    )
    func others(_ text: String) {
        #expect(scan(Array(text.utf8)) == .notTLS)
    }

    @Test(
        "whatever version its first record bears, a hello is one: servers read it",
        arguments: 0...15 as ClosedRange<UInt8>
    )
    func versions(_ major: UInt8) {
        let message = HelloBytes("a.example").message
        var bytes = HelloBytes.records(message, [message.count])
        for minor in [0, 1, 3, 4, 9, 255] as [UInt8] {
            (bytes[1], bytes[2]) = (major, minor)
            #expect(scan(bytes) == .whole(length: message.count - 4))
            for count in 0..<9 { #expect(scan(Array(bytes[..<count])) == .incomplete) }
        }
    }

    @Test("a record in front of the hello is no other protocol, but a fault", arguments: [20, 21, 23, 24] as [UInt8])
    func inFront(_ kind: UInt8) {
        let message = HelloBytes("a.example").message
        let bytes = [kind, 3, 1, 0, 2, 1, 90] + HelloBytes.records(message, [message.count])
        #expect(scan([kind]) == .incomplete)
        for count in 2...bytes.count { #expect(scan(Array(bytes[..<count])) == .malformed(.otherRecord)) }
    }

    @Test("the hello of SSL 2 is no TLS") func ssl2() {
        #expect(scan([0x80, 0x2e, 0x01, 0x03, 0x01]) == .notTLS)
    }

    @Test("nothing, or a part, is no verdict") func parts() {
        #expect(scan([]) == .incomplete)
        for bytes in [[22], [22, 3], [22, 3, 1], [22, 3, 1, 0], [22, 3, 1, 0, 100], [22, 3, 3, 0, 100, 1, 0]]
            as [[UInt8]]
        {
            #expect(scan(bytes) == .incomplete)
        }
    }

    @Test("a record is neither empty nor longer than 2^14") func lengths() {
        #expect(scan([22, 3, 1, 0, 0]) == .malformed(.recordLength))
        #expect(scan([22, 3, 1, 0x40, 0x01]) == .malformed(.recordLength))
        #expect(scan([22, 3, 1, 0x40, 0x00]) == .incomplete)
    }

    @Test("records of another kind do not come between") func between() {
        let message = HelloBytes("a.example").message
        let first = Array(HelloBytes.records(message, [10])[..<15])
        #expect(scan(first) == .incomplete)
        for header in [[20, 3, 3], [21, 3, 3], [23, 3, 3], [22, 4], [22, 3, 0]] as [[UInt8]] {
            #expect(scan(first + header) == .malformed(.otherRecord))
        }
        #expect(scan(first + [22, 3, 3, 0, 0]) == .malformed(.recordLength))
    }

    @Test("another handshake message is refused at its first byte", arguments: [0, 2, 11, 20, 255] as [UInt8])
    func otherMessages(_ type: UInt8) {
        #expect(scan([22, 3, 1, 0, 50, type]) == .malformed(.otherMessage))
    }

    @Test("nothing follows the message in its record") func trailing() {
        let message = HelloBytes("a.example").message
        for extra in [[0], [1, 0, 0, 0]] as [[UInt8]] {
            let bytes = HelloBytes.records(message + extra, [message.count + extra.count])
            for count in 9...bytes.count { #expect(scan(Array(bytes[..<count])) == .malformed(.structure)) }
        }
        // What follows in records of its own is not looked at.
        let bytes = HelloBytes.records(message, [message.count])
        #expect(scan(bytes + [20, 3, 3, 0, 1, 1]) == .whole(length: message.count - 4))
    }

    @Test("the limit is exact, and known from the message's header") func limit() {
        let message = HelloBytes("a.example").message
        let bytes = HelloBytes.records(message, [message.count])
        #expect(scan(bytes, limit: message.count) == .whole(length: message.count - 4))
        #expect(scan(bytes, limit: message.count - 1) == .malformed(.tooLarge))
        #expect(scan(Array(bytes[..<9]), limit: message.count - 1) == .malformed(.tooLarge))
        #expect(scan(Array(bytes[..<8]), limit: message.count - 1) == .incomplete)
        #expect(scan([22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfd]) == .malformed(.tooLarge))
        #expect(scan([22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff]) == .malformed(.tooLarge))
        #expect(scan([22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc]) == .incomplete)
    }

    @Test("no more is ever awaited than the limit and the headers of 64 records") func bound() {
        var hello = HelloBytes("a.example")
        hello.extensions?.append(HelloBytes.item(21, [UInt8](repeating: 0, count: 16_000)))
        let message = hello.message
        let bytes = HelloBytes.records(message, [message.count / 62])
        #expect(scan(Array(bytes.dropLast())) == .incomplete)
        #expect(scan(bytes) == .whole(length: message.count - 4))
        let finer = HelloBytes.records(message, [message.count / 64])
        #expect(scan(finer) == .malformed(.tooManyRecords))
    }
}
