import ApusFlow
import ApusPolicy
import ApusTesting
import Testing

@Suite("A tunnel whose ClientHello is judged") struct TunnelHelloTests {
    private static let passes = Move<Tunnel>.helloPassed.gives(upstream: .tunnel, deadline: .tunnel)
    private static let begins = Move<Tunnel>.helloBegan.gives(deadline: .clientHello)
    private static let refusal = Refusal.serverNameMismatch
    /// What an event gives that cannot be while bytes pass.
    private static func cannotBe(_ event: Move<Tunnel>) -> Move<Tunnel> {
        event.gives(
            client: .reset,
            upstream: .reset,
            deadline: .none,
            ending: Ending(.proxy, .relay, .failure),
            fault: .internalError(.tunnelHello)
        )
    }
    private static let refuses = Move<Tunnel>.helloRefused(refusal).gives(
        client: .linger,
        upstream: .close,
        deadline: .linger,
        ending: Ending(.proxy, .relay, .refused),
        fault: .refused(refusal)
    )

    @Test("opens when it may pass, at once or after some reads") func passing() throws {
        let both: [Move<Tunnel>] = [
            .ended(.client).gives(upstream: .shutdown, deadline: .halfClose),
            .ended(.upstream).gives(client: .close, upstream: .close, deadline: .none, ending: .complete),
        ]
        try Playbook(Tunnel(judgesHello: true), [Self.passes] + both).run()
        try Playbook(Tunnel(judgesHello: true), [Self.begins, .helloBegan, Self.passes] + both).run()
    }

    @Test("has one record when it may not, and stands until the client has seen why") func refusing() throws {
        let over = Move<Tunnel>.ended(.client).gives(client: .close, deadline: .none)
        try Playbook(Tunnel(judgesHello: true), [Self.refuses, over, .stopped]).run()
        try Playbook(Tunnel(judgesHello: true), [Self.begins, Self.refuses, .ended(.upstream), over]).run()
        let last: [Move<Tunnel>] = [.failed(.client), .expired, .stopped, .refused, .usedUp]
        for last in last {
            try Playbook(Tunnel(judgesHello: true), [Self.refuses, last.gives(client: .close, deadline: .none)]).run()
        }
    }

    @Test("a FIN before a byte goes through, and leaves nothing to judge") func silentClient() throws {
        let fin = Move<Tunnel>.ended(.client).gives(upstream: .shutdown, deadline: .halfClose)
        for event in [Move<Tunnel>.helloBegan, .helloPassed, .helloRefused(Self.refusal)] {
            try Playbook(Tunnel(judgesHello: true), [fin, Self.cannotBe(event)]).run()
        }
    }

    @Test("a FIN in the middle ends it, on the client's side") func cutShort() throws {
        let ends = Move<Tunnel>.ended(.client).gives(
            client: .close,
            upstream: .close,
            deadline: .none,
            ending: Ending(.client, .relay, .closed)
        )
        try Playbook(Tunnel(judgesHello: true), [Self.begins, ends]).run()
    }

    @Test("a FIN of the upstream goes through, and the time of the hello goes on") func upstreamEnds() throws {
        try Playbook(
            Tunnel(judgesHello: true),
            [
                Self.begins, .ended(.upstream).gives(client: .shutdown),
                .helloPassed.gives(upstream: .tunnel, deadline: .halfClose),
                .ended(.client).gives(client: .close, upstream: .close, deadline: .none, ending: .complete),
            ]
        ).run()
        try Playbook(
            Tunnel(judgesHello: true),
            [.ended(.upstream).gives(client: .shutdown, deadline: .halfClose), Self.refuses]
        ).run()
    }

    @Test("its time over, what has come is judged as it is, unless not a byte has come: then the tunnel was idle")
    func late() throws {
        let late = Move<Tunnel>.helloRefused(.clientHelloLate).gives(
            client: .linger,
            upstream: .close,
            deadline: .linger,
            ending: Ending(.proxy, .relay, .refused),
            fault: .refused(.clientHelloLate)
        )
        let judged = Move<Tunnel>.expired.gives(client: .judgeHello)
        try Playbook(Tunnel(judgesHello: true), [Self.begins, judged, late]).run()
        try Playbook(Tunnel(judgesHello: true), [Self.begins, judged, Self.passes]).run()
        let idle = Move<Tunnel>.expired.gives(
            client: .close,
            upstream: .close,
            deadline: .none,
            ending: Ending(.proxy, .relay, .timeout)
        )
        try Playbook(Tunnel(judgesHello: true), [idle]).run()
    }

    @Test("a ClientHello in a tunnel that holds none is an own fault, which resets both ends and is recorded once")
    func unjudged() throws {
        for event in [Move<Tunnel>.helloBegan, .helloPassed, .helloRefused(Self.refusal)] {
            try Playbook(Tunnel(), [Self.cannotBe(event)]).run()
            try Playbook(Tunnel(judgesHello: true), [Self.passes, Self.cannotBe(event)]).run()
            // The record is written already.
            let late = event.gives(client: .reset, deadline: .none, fault: .internalError(.tunnelHello))
            try Playbook(Tunnel(judgesHello: true), [Self.refuses, late]).run()
        }
    }
}
