import ApusWire
import Testing

@Suite("Replies of SOCKS") struct SOCKSReplyTests {
    private func read(_ bytes: [UInt8]) -> Seen<SOCKSReply, SOCKSFault> {
        Seen { () throws(SOCKSFault) in try SOCKSReply.readV5(bytes.span) }
    }

    @Test("what is written says no bound address, and is read again", arguments: SOCKSReply.Code.allCases)
    func own(_ code: SOCKSReply.Code) {
        let written = bytes(SOCKSReply.v5(code))
        #expect(written == [5, code.rawValue, 0, 1, 0, 0, 0, 0, 0, 0])
        guard case .whole(let reply) = read(written) else {
            Issue.record("no reply")
            return
        }
        #expect(reply.code == code.rawValue && reply.isSuccess == (code == .succeeded))
        #expect(reply.boundAddress == IPAddress(v4: 0) && reply.boundPort == 0)
    }

    @Test("SOCKS 4 knows granted and rejected") func old() {
        #expect(bytes(SOCKSReply.v4(isGranted: true)) == [0, 90, 0, 0, 0, 0, 0, 0])
        #expect(bytes(SOCKSReply.v4(isGranted: false)) == [0, 91, 0, 0, 0, 0, 0, 0])
    }

    @Test("each type of bound address is read at every cut, and what follows is left") func kinds() {
        let name = String(repeating: "b", count: 255)
        let replies: [[UInt8]] = [
            SOCKSBytes.v5(0, address: IPAddress(v4: 0x0102_0304), port: 9),
            SOCKSBytes.v5(5, address: IPAddress(v6High: 1, low: 2), port: 9),
            SOCKSBytes.v5(0, name: "bound.example", port: 9), SOCKSBytes.v5(1, name: "", port: 9),
            SOCKSBytes.v5(0, name: name, port: 9),
        ]
        for bytes in replies {
            for count in 0..<bytes.count { #expect(read(Array(bytes[..<count])) == .incomplete) }
            for behind in [[], [0x16, 3], bytes] as [[UInt8]] {
                guard case .whole(let reply) = read(bytes + behind) else {
                    Issue.record("no reply")
                    continue
                }
                #expect(reply.length == bytes.count && reply.boundPort == 9 && reply.code == bytes[1])
                #expect((reply.boundAddress == nil) == (bytes[3] == 3))
            }
        }
    }

    @Test("what is none is a fault") func faults() {
        #expect(read([0, 90]) == .fault(.version))
        #expect(read(Array("HTTP/1.1 400".utf8)) == .fault(.version))
        #expect(read([5, 0, 1]) == .fault(.reserved))
        #expect(read([5, 0, 0, 5]) == .fault(.addressType))
    }
}
