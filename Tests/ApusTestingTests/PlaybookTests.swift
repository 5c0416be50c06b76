import ApusFlow
import ApusTesting
import ApusWire
import Testing

@Suite("A playbook") struct PlaybookTests {
    private static let get = Move<HTTP1Connection>.requested("GET http://a.example/ HTTP/1.1", "Host: a.example")
        .gives(upstream: .reach)

    @Test("that is followed answers the machine at its end") func followed() throws {
        let exchange = try Playbook(HTTP1Connection(), [.headBegan, PlaybookTests.get]).run()
        #expect(exchange.phase == .reaching)
    }

    @Test("that is not followed shows the conversation, what was expected and what came") func difference() {
        let fault = Fault.timeout(.connect)
        do throws(PlaybookDifference) {
            try Playbook(HTTP1Connection(), [.headBegan, PlaybookTests.get, .refused(fault), .clientEnded]).run()
            Issue.record("the playbook was followed")
        } catch {
            #expect(
                error.description == """
                    the machine did not follow its playbook:
                        on headBegan
                        on requested(GET http://a.example/ HTTP/1.1 | Host: a.example)
                            upstream: reach
                        on \(Move<HTTP1Connection>.refused(fault).name)
                      -     nothing
                      +     client: linger, upstream: close, deadline: linger, answer: \(Answer.fault(fault)), \
                    ending: \(fault.ending), fault: reach_timeout
                    """
            )
        }
    }

    @Test("a faulty head is told as its fault") func faulty() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .requested("GET http://a.example/ HTTP/1.1").refuses(.request(.missingHost))
            ]
        ).run()
    }

    @Test("serves any machine") func anyMachine() throws {
        let once = Move<Int>("once") { count in
            count += 1
            return Step(client: count == 1 ? .next : .close)
        }
        #expect(try Playbook(0, [once.gives(client: .next), once.gives(client: .close)]).run() == 2)
    }

    @Test("every cut of bytes has both halves, the empty ones too") func cuts() {
        let cuts = everyCut(of: "abc").map {
            (String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self))
        }
        #expect(cuts.map(\.0) == ["", "a", "ab", "abc"])
        #expect(cuts.map(\.1) == ["abc", "bc", "c", ""])
        #expect(everyCut(of: [UInt8]()).map { $0.0.count + $0.1.count } == [0])
    }
}
