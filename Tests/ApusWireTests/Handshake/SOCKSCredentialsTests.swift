import ApusWire
import Testing

@Suite("User name and password of SOCKS 5") struct SOCKSCredentialsTests {
    private func read(_ bytes: [UInt8]) -> Seen<SOCKSCredentials, SOCKSFault> {
        Seen { () throws(SOCKSFault) in try SOCKSCredentials.read(bytes.span) }
    }

    @Test("they are read at every cut, with bytes behind them, and at their longest and shortest") func cuts() {
        let longest = String(repeating: "x", count: 255)
        for (user, password) in [("ann", "secret"), ("", ""), ("ann", ""), ("", "x"), (longest, longest)] {
            let bytes = SOCKSBytes.credentials(user, password)
            for count in 0..<bytes.count { #expect(read(Array(bytes[..<count])) == .incomplete, "\(count)") }
            for behind in [[], [5, 1, 0]] as [[UInt8]] {
                guard case .whole(let seen) = read(bytes + behind) else {
                    Issue.record("\(user) is not read")
                    continue
                }
                #expect(Array(bytes[seen.user.range]) == Array(user.utf8))
                #expect(Array(bytes[seen.password.range]) == Array(password.utf8))
                #expect(seen.length == bytes.count && bytes.count <= SOCKSCredentials.longest)
            }
        }
        #expect(read([5]) == .fault(.version))
        #expect(read([0, 1]) == .fault(.version))
    }

    @Test("a client writes what a server reads, and no run that has no length") func write() {
        func written(_ user: String, _ password: String, room: Int = 600) -> [UInt8]? {
            var buffer = [UInt8](repeating: 0, count: room)
            var target = buffer.mutableSpan
            let (user, password) = (Array(user.utf8), Array(password.utf8))
            let end = SOCKSCredentials.write(user: user.span, password: password.span, to: &target, at: 0)
            return end.map { Array(buffer[..<$0]) }
        }
        let longest = String(repeating: "x", count: 255)
        #expect(written("ann", "secret") == SOCKSBytes.credentials("ann", "secret"))
        #expect(written(longest, longest) == SOCKSBytes.credentials(longest, longest))
        #expect(written("ann", "secret", room: 12) == SOCKSBytes.credentials("ann", "secret"))
        #expect(written("ann", "secret", room: 11) == nil)
        for (user, password) in [("", "x"), ("x", ""), (longest + "x", "x"), ("x", longest + "x")] {
            #expect(written(user, password) == nil)
        }
    }

    @Test("answers are two bytes, and read with the version that some servers write") func answers() {
        #expect(bytes(SOCKSCredentials.answer(isValid: true)) == [1, 0])
        #expect(bytes(SOCKSCredentials.answer(isValid: false)) == [1, 1])
        func read(_ bytes: [UInt8]) -> Seen<Bool, SOCKSFault> {
            Seen { () throws(SOCKSFault) in try SOCKSCredentials.readAnswer(bytes.span) }
        }
        #expect(read([]) == .incomplete && read([1]) == .incomplete)
        #expect(read([1, 0]) == .whole(true) && read([5, 0]) == .whole(true))
        #expect(read([1, 1]) == .whole(false) && read([1, 255]) == .whole(false))
        #expect(read([0]) == .fault(.version))
    }
}
