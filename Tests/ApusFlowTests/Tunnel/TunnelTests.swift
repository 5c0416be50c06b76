import ApusFlow
import ApusPolicy
import ApusSamples
import ApusTesting
import Testing

@Suite("A tunnel") struct TunnelTests {
    @Test("a FIN passes to the other side, and both end it", arguments: [Tunnel.End.client, .upstream])
    func halfClose(_ first: Tunnel.End) throws {
        let second: Tunnel.End = first == .client ? .upstream : .client
        try Playbook(
            Tunnel(),
            [
                first == .client
                    ? .ended(.client).gives(upstream: .shutdown, deadline: .halfClose)
                    : .ended(.upstream).gives(client: .shutdown, deadline: .halfClose),
                .ended(first),
                .ended(second).gives(client: .close, upstream: .close, deadline: .none, ending: .complete),
            ]
        ).run()
    }

    @Test("a side that breaks resets the other, also behind a FIN") func failures() throws {
        let client = Move<Tunnel>.failed(.client).gives(
            client: .close,
            upstream: .reset,
            deadline: .none,
            ending: Ending(.client, .relay, .reset)
        )
        let upstream = Move<Tunnel>.failed(.upstream).gives(
            client: .reset,
            upstream: .close,
            deadline: .none,
            ending: Ending(.upstream, .relay, .reset)
        )
        let clientEnded = Move<Tunnel>.ended(.client).gives(upstream: .shutdown, deadline: .halfClose)
        for failure in [client, upstream] {
            try Playbook(Tunnel(), [failure]).run()
            try Playbook(Tunnel(), [clientEnded, failure]).run()
        }
    }

    @Test("its time counts from the last byte either way, shorter behind a FIN, and not while a limit has it wait")
    func counting() throws {
        func expired(_ client: UInt32, _ upstream: UInt32, isHeld: Bool = false) -> Move<Tunnel> {
            var progress = TransferProgress()
            (progress.clientIdle, progress.upstreamIdle, progress.isHeld) = (client, upstream, isHeld)
            return Move("expired(\(client), \(upstream))") { [progress] in $0.expired(progress, .sample) }
        }
        let over = Step.ClientAction.close
        for judges in [false, true] {
            try Playbook(
                Tunnel(judgesHello: judges),
                [
                    expired(80, 100).gives(deadline: .tunnel).lasts(10),
                    expired(100, 89).gives(deadline: .tunnel).lasts(1),
                    expired(100, 100, isHeld: true).gives(deadline: .tunnel),
                    .ended(.client).gives(upstream: .shutdown, deadline: .halfClose),
                    expired(9, 9).gives(deadline: .halfClose).lasts(1),
                    expired(10, 90, isHeld: true).gives(deadline: .halfClose),
                    expired(10, 90).gives(
                        client: over,
                        upstream: .close,
                        deadline: .none,
                        ending: Ending(.upstream, .relay, .timeout)
                    ),
                    expired(0, 0),
                ]
            ).run()
        }
    }

    @Test("a silent tunnel ends, and nobody is to blame unless one side alone was waited for") func expiry() throws {
        func expires(_ side: Side) -> Move<Tunnel> {
            .expired.gives(
                client: .close,
                upstream: .close,
                deadline: .none,
                ending: Ending(side, .relay, .timeout)
            )
        }
        try Playbook(Tunnel(), [expires(.proxy)]).run()
        try Playbook(
            Tunnel(),
            [
                .ended(.client).gives(upstream: .shutdown, deadline: .halfClose), expires(.upstream),
            ]
        ).run()
        try Playbook(
            Tunnel(),
            [
                .ended(.upstream).gives(client: .shutdown, deadline: .halfClose), expires(.client),
            ]
        ).run()
    }

    @Test("the proxy's stop ends it") func stopping() throws {
        try Playbook(
            Tunnel(),
            [
                .stopped.gives(
                    client: .close,
                    upstream: .close,
                    deadline: .none,
                    ending: Ending(.proxy, .relay, .stopped)
                )
            ]
        ).run()
    }

    @Test("a volume that is used up ends it, and says so") func usedUp() {
        var tunnel = Tunnel()
        let step = tunnel.usedUp()
        #expect(step.client == .close && step.upstream == .close && step.deadline == .none)
        #expect(step.ending == Ending(.proxy, .relay, .limit) && step.fault == .refused(.volumeLimit))
        #expect(tunnel.isClosed && tunnel.usedUp() == .none && tunnel.stopped() == .none)
    }

    private static let ends: [Move<Tunnel>] = [
        .failed(.client), .failed(.upstream), .expired, .stopped, .refused, .usedUp,
    ]

    private static let events: [Move<Tunnel>] =
        ends + [
            .ended(.client), .ended(.upstream), .helloBegan, .helloPassed, .helloRefused(.serverNameMismatch),
        ]

    @Test("once over, it asks for nothing more") func over() {
        for end in TunnelTests.ends {
            for event in TunnelTests.events {
                var tunnel = Tunnel()
                _ = end.apply(&tunnel)
                #expect(tunnel.isClosed)
                var step = event.apply(&tunnel)
                // Nobody may hold one that is over, and judge what it says.
                #expect(step.fault?.place == (event.name.hasPrefix("hello") ? .tunnelHello : nil))
                step.fault = nil
                #expect(step == .none)
            }
        }
    }

    @Test("every order of events ends it once, with one ending", arguments: [1, 2, 3] as [UInt64])
    func walk(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        for _ in 0..<2_000 {
            var tunnel = Tunnel(judgesHello: Bool.random(using: &random))
            var steps: [Step] = []
            for _ in 0..<12 {
                guard let event = TunnelTests.events.randomElement(using: &random) else { return }
                steps.append(event.apply(&tunnel))
            }
            let endings = steps.compactMap(\.ending)
            #expect(endings.count == (tunnel.isClosed || tunnel.phase == .lingering ? 1 : 0))
            let passed = steps.firstIndex { $0.upstream == .tunnel }
            let refused = steps.firstIndex { $0.client == .linger }
            #expect(passed == nil || refused == nil)
            #expect(steps.count { $0.upstream == .tunnel } <= 1 && steps.count { $0.upstream == .close } <= 1)
            #expect(steps.count { $0.client == .shutdown } <= 1 && steps.count { $0.upstream == .shutdown } <= 1)
            if tunnel.isClosed { #expect(steps.last { $0.deadline != .keep }?.deadline == Deadline.none) }
        }
    }

    @Test("it is small") func size() {
        #expect(MemoryLayout<Tunnel>.size <= 4)
    }
}
