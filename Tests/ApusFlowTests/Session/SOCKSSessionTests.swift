import ApusPolicy
import ApusWire
import Testing

@testable import ApusFlow

@Suite("A session of SOCKS") struct SOCKSSessionTests {
    private func greeting(_ methods: UInt8...) throws -> SOCKSGreeting {
        let bytes = [5, UInt8(methods.count)] + methods
        return try #require(try SOCKSGreeting.read(bytes.span))
    }

    private func credentials(_ user: String, _ password: String) throws -> SOCKSCredentials {
        let bytes =
            [1, UInt8(user.utf8.count)] + Array(user.utf8) + [UInt8(password.utf8.count)] + Array(password.utf8)
        return try #require(try SOCKSCredentials.read(bytes.span))
    }

    private func request(_ command: UInt8 = 1) throws -> SOCKSRequest {
        let bytes: [UInt8] = [5, command, 0, 1, 192, 0, 2, 1, 1, 187]
        return try #require(try SOCKSRequest.readV5(bytes.span))
    }

    private func oldRequest(_ quad: [UInt8] = [192, 0, 2, 1], _ rest: [UInt8] = [0]) throws -> SOCKSRequest {
        let bytes = [4, 1, 1, 187] + quad + rest
        return try #require(try SOCKSRequest.readV4(bytes.span))
    }

    private func bytes(_ answer: SOCKSAnswer?) -> [UInt8]? {
        answer?.with { span in span.indices.map { span[$0] } }
    }

    /// A session of version 5 whose client offers these methods, or nothing more.
    private func session(
        _ methods: [UInt8],
        asks: Bool = false,
        requires: Bool = false
    ) throws -> (session: SOCKSSession, step: SOCKSStep) {
        var session = SOCKSSession()
        session.began(isOld: false)
        let all = [5, UInt8(methods.count)] + methods
        let greeting = try #require(try SOCKSGreeting.read(all.span))
        let step = session.greeted(greeting, asks: asks, requires: requires)
        return (session, step)
    }

    @Test(
        "the method is user and password where it is offered and there are users, else none where nobody has to be known",
        arguments: [
            ([0], false, false, 0), ([0, 2], false, false, 0), ([2, 0], true, false, 2), ([0, 2], true, true, 2),
            ([2], true, false, 2), ([0], true, false, 0),
        ] as [([UInt8], Bool, Bool, UInt8)]
    )
    func methods(_ offered: [UInt8], _ asks: Bool, _ requires: Bool, _ method: UInt8) throws {
        let (session, step) = try session(offered, asks: asks, requires: requires)
        #expect(bytes(step.answer) == [5, method] && step.next == .reads)
        #expect(session.phase == (method == 2 ? .credentials : .request))
    }

    @Test(
        "no method is acceptable where nobody is served without being known, or none is known here",
        arguments: [
            ([0], true, true, .refused(.credentialsMissing)), ([1], true, true, .refused(.credentialsMissing)),
            ([1], false, false, .request(.socksMethods)), ([2], false, false, .request(.socksMethods)),
            ([1, 3], true, false, .request(.socksMethods)),
        ] as [([UInt8], Bool, Bool, Fault)]
    )
    func none(_ offered: [UInt8], _ asks: Bool, _ requires: Bool, _ fault: Fault) throws {
        let (session, step) = try session(offered, asks: asks, requires: requires)
        #expect(step.answer == nil && step.next == .refuses(fault))
        #expect(bytes(session.answer(to: fault)) == [5, 255])
    }

    @Test("a client that is known asks for its tunnel") func known() throws {
        var (session, _) = try session([0, 2], asks: true)
        #expect(session.showed(try credentials("ann", "secret"), requires: false).next == .verifies)
        #expect(session.phase == .verifying)
        let step = session.identified()
        #expect(bytes(step.answer) == [1, 0] && step.next == .reads)
        #expect(session.requested(try request()).next == .decides)
        #expect(session.phase == .asked && session.version == .v5)
        #expect(bytes(session.established) == [5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test("one whose credentials are wrong is told so in their own answer") func wrong() throws {
        var (session, _) = try session([2], asks: true)
        _ = session.showed(try credentials("ann", "wrong"), requires: true)
        #expect(bytes(session.answer(to: .refused(.credentialsInvalid))) == [1, 1])
    }

    @Test("no password, or no name, is no attempt", arguments: [("ann", ""), ("", "x"), ("", "")])
    func noAttempt(_ user: String, _ password: String) throws {
        var (session, _) = try session([2], asks: true)
        let step = session.showed(try credentials(user, password), requires: false)
        #expect(bytes(step.answer) == [1, 0] && step.next == .reads && session.phase == .request)
        (session, _) = try self.session([2], asks: true, requires: true)
        let refused = session.showed(try credentials(user, password), requires: true)
        #expect(refused == SOCKSStep(nil, .refuses(.refused(.credentialsMissing))))
        #expect(bytes(session.answer(to: .refused(.credentialsMissing))) == [1, 1])
    }

    @Test("BIND, UDP ASSOCIATE and what is unknown are not served", arguments: [2, 3, 0, 0xf0] as [UInt8])
    func commands(_ command: UInt8) throws {
        var (session, _) = try session([0])
        #expect(session.requested(try request(command)).next == .refuses(.request(.socksCommand)))
        #expect(bytes(session.answer(to: .request(.socksCommand))) == [5, 7, 0, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test("SOCKS 4 and 4a begin with their request, and know yes and no") func old() throws {
        var session = SOCKSSession()
        session.began(isOld: true)
        #expect(session.phase == .request && session.version == .v4)
        #expect(bytes(session.answer(to: .refused(.rule))) == [0, 91, 0, 0, 0, 0, 0, 0])
        var named = session
        #expect(session.requested(try oldRequest()).next == .decides && session.version == .v4)
        #expect(named.requested(try oldRequest([0, 0, 0, 1], [0, 0x61, 0])).next == .decides && named.version == .v4a)
        #expect(bytes(named.established) == [0, 90, 0, 0, 0, 0, 0, 0])
    }

    @Test("a message that cannot have been read is an own fault, in every phase") func table() throws {
        var sessions: [SOCKSSession] = [SOCKSSession()]
        sessions.append(try session([1]).session)
        sessions.append(try session([2], asks: true).session)
        var verifying = try session([2], asks: true).session
        _ = verifying.showed(try credentials("a", "b"), requires: false)
        sessions.append(verifying)
        sessions.append(try session([0]).session)
        var asked = try session([0]).session
        _ = asked.requested(try request())
        sessions.append(asked)
        #expect(sessions.map(\.phase) == SOCKSSession.Phase.allCases)
        let broken = SOCKSStep(nil, .refuses(.internalError(.requestHead)))
        for session in sessions {
            var (one, two, three, four) = (session, session, session, session)
            let steps = [
                one.greeted(try greeting(0), asks: true, requires: false),
                two.showed(try credentials("a", "b"), requires: false), three.identified(),
                four.requested(try request()),
            ]
            let place = [.greeting, .credentials, .verifying, .request].firstIndex(of: session.phase)
            for (index, step) in steps.enumerated() {
                #expect((step == broken) == (index != place), "\(index) in \(session.phase)")
            }
            // Whatever comes, there is an answer.
            #expect(session.answer(to: .timeout(.requestHead)).count > 0)
        }
        #expect(MemoryLayout<SOCKSSession>.size <= 2)
    }

    @Test("it runs a CONNECT like any other, whose tunnel and record are the same") func exchange() throws {
        var (session, exchange) = (Session(), Exchange())
        #expect(session.greetingBegan() == .none)
        exchange.misjudged(.connect, .http11)
        #expect(session.headEnded() == .none)
        #expect(exchange.requested(.tunnel) == Step(upstream: .reach))
        #expect(exchange.wantsOwnConnection && exchange.requestIsDone)
        var refused = exchange
        let step = refused.challenged(.fault(.refused(.credentialsMissing)))
        #expect(step.leaves != .next && step.ending == Fault.refused(.credentialsMissing).ending)
        let reached = exchange.reached(reused: false)
        #expect(reached.client == .establish && reached.upstream == .tunnel && reached.leaves == .tunnel)
        #expect(session.exchangeOver(.tunnel) == Step(deadline: .tunnel))
    }
}
