import ApusWire
import Testing

@Suite("The negotiation of methods of SOCKS 5") struct SOCKSMethodTests {
    private func read(_ bytes: [UInt8]) -> Seen<SOCKSGreeting, SOCKSFault> {
        Seen { () throws(SOCKSFault) in try SOCKSGreeting.read(bytes.span) }
    }

    @Test("what a greeting offers, at every cut and with bytes behind it") func offers() {
        for (bytes, none, password) in [
            ([5, 1, 0], true, false), ([5, 1, 2], false, true), ([5, 2, 0, 2], true, true),
            ([5, 3, 1, 0x80, 3], false, false),
            ([5, 255] + (0...254), true, true),
        ] as [([UInt8], Bool, Bool)] {
            for count in 0..<bytes.count { #expect(read(Array(bytes[..<count])) == .incomplete) }
            for behind in [[], [5, 1, 0, 1], [2]] as [[UInt8]] {
                guard case .whole(let greeting) = read(bytes + behind) else {
                    Issue.record("\(bytes) is a greeting")
                    continue
                }
                #expect(greeting.offersNoAuthentication == none && greeting.offersUsernamePassword == password)
                #expect(greeting.length == bytes.count)
            }
        }
    }

    @Test("another version, or no method at all, is a fault") func faults() {
        #expect(read([4]) == .fault(.version))
        #expect(read([0x47, 1, 0]) == .fault(.version))
        #expect(read([5, 0]) == .fault(.noMethods))
    }

    @Test("the answer is two bytes") func selection() {
        #expect(bytes(SOCKSMethod.noAuthentication.selection) == [5, 0])
        #expect(bytes(SOCKSMethod.usernamePassword.selection) == [5, 2])
        #expect(bytes(SOCKSMethod.noAcceptable.selection) == [5, 255])
    }

    @Test("a client writes a greeting that a server reads") func write() {
        for withCredentials in [false, true] {
            var buffer = [UInt8](repeating: 9, count: 8)
            var target = buffer.mutableSpan
            let end = SOCKSGreeting.write(withCredentials: withCredentials, to: &target, at: 2)
            #expect(end == (withCredentials ? 6 : 5))
            guard case .whole(let greeting) = read(Array(buffer[2..<(end ?? 2)])) else {
                Issue.record("no greeting")
                continue
            }
            #expect(greeting.offersNoAuthentication && greeting.offersUsernamePassword == withCredentials)
            #expect(buffer[0...1] == [9, 9] && buffer[end ?? 0] == 9)
            var small = [UInt8](repeating: 0, count: greeting.length - 1)
            var room = small.mutableSpan
            #expect(SOCKSGreeting.write(withCredentials: withCredentials, to: &room, at: 0) == nil)
        }
    }

    @Test("a client reads the choice of a server") func choice() throws {
        func choice(_ bytes: [UInt8]) -> Seen<UInt8, SOCKSFault> {
            Seen { () throws(SOCKSFault) in try SOCKSMethod.readSelection(bytes.span) }
        }
        #expect(choice([]) == .incomplete)
        #expect(choice([5]) == .incomplete)
        #expect(choice([5, 2]) == .whole(2))
        #expect(choice([5, 255]) == .whole(255))
        #expect(choice([0x48]) == .fault(.version))
    }
}

/// The bytes of a fixed answer.
func bytes<let count: Int>(_ array: InlineArray<count, UInt8>) -> [UInt8] { array.indices.map { array[$0] } }
