import ApusFlow
import ApusPolicy
import ApusReactor
import ApusTesting
import ApusWire
import Testing

@testable import Apus

@Suite("The tunnels of a thread")
struct TunnelsTests {
    private static let words = BufferedRequest(
        method: "CONNECT".utf8,
        path: "".utf8,
        host: "a.example".utf8,
        dial: "".utf8
    )

    /// A tunnel between no sockets.
    private func open(
        _ tunnels: inout Tunnels,
        _ measure: ServerNameCheck.Measure = .nothing,
        _ io: inout ReactorIO
    ) -> UInt32 {
        var tunnel = TunnelConnection(
            client: .none,
            upstream: .none,
            address: ClientAddress(SocketAddress(v4: 0x7f00_0001, port: 1)),
            listener: 0,
            isConnect: true,
            origin: .absent,
            notes: StreamInfo(),
            holds: TunnelHolds(),
            tunnel: Tunnel(judgesHello: measure != .nothing)
        )
        tunnel.begin(measure, askedAt: 7)
        return tunnels.open(tunnel, TunnelsTests.words, idle: 10, &io)
    }

    private func reactor() throws -> ReactorIO { try ReactorIO(doorbell: try Waker(), manualClock: 0) }

    private func perform(_ step: Step, _ index: UInt32, _ tunnels: inout Tunnels, _ io: inout ReactorIO) {
        tunnels.perform(step, index, lingerLimit: 10, ticks: 10, &io)
    }

    @Test("a tunnel holds 200 bytes")
    func size() {
        #expect(MemoryLayout<TunnelConnection>.stride == 200)
    }

    @Test("whatever happens, each has one end, and then no row and no word is left")
    func walk() throws {
        var generator = SystemRandomNumberGenerator()
        let measures = ServerNameCheck.Measure.allCases
        let hello = ScriptedHello("b.example").bytes
        var io = try reactor()
        for _ in 0..<200 {
            var tunnels = Tunnels()
            var ends: [UInt32: Int] = [:]
            for _ in 0..<8 {
                let measure = measures.randomElement(using: &generator) ?? .nothing
                ends[open(&tunnels, measure, &io)] = 0
            }
            for round in 0..<60 {
                guard let index = tunnels.indices.randomElement(using: &generator) else { break }
                var step = Step.none
                switch round < 50 ? Int.random(in: 0..<8, using: &generator) : 8 {
                case 0, 1:
                    let bytes = Bool.random(using: &generator) ? hello : Array(hello.prefix(9))
                    switch tunnels.received(index, bytes.span, limit: 1 << 14) {
                    case .passed: break
                    case .held(let held): step = held
                    case .whole(let reading, let opening):
                        let outcome = tunnels.outcome(index, reading, ServerNameCheck()) ?? .report(.serverNameDenied)
                        step = tunnels.judged(index, outcome, reading, opening, keepsWords: .random(using: &generator))
                    }
                case 2: step = tunnels.ended(index, .client, isEnforced: .random(using: &generator), keepsWords: true)
                case 3: step = tunnels.ended(index, .upstream, isEnforced: true, keepsWords: true)
                case 4: step = tunnels.relayed(index, .up, 5) ?? .none
                case 5: step = tunnels.failed(index, Bool.random(using: &generator) ? .client : .upstream)
                case 6: step = tunnels.expired(index, TransferProgress(), DeadlineTimes())
                case 7: step = Bool.random(using: &generator) ? tunnels.usedUp(index) : tunnels.refused(index)
                default: step = tunnels.stopped(index)
                }
                if step.ending != nil { ends[index, default: 0] += 1 }
                perform(step, index, &tunnels, &io)
            }
            for index in tunnels.indices {
                let step = tunnels.stopped(index)
                if step.ending != nil { ends[index, default: 0] += 1 }
                perform(step, index, &tunnels, &io)
            }
            #expect(ends.values.allSatisfy { $0 == 1 }, "\(ends)")
            #expect(tunnels.counts.tunnels == 0 && tunnels.counts.cells == 0)
        }
    }

    @Test("what is held in front of a FIN passes where nothing is refused for it, and then the FIN")
    func heldFIN() throws {
        var io = try reactor()
        var tunnels = Tunnels()
        let index = open(&tunnels, .host, &io)
        guard case .held(let step) = tunnels.received(index, [22, 3, 1, 0, 200].span, limit: 1 << 14) else {
            Issue.record("it is not whole")
            return
        }
        #expect(step.deadline == .clientHello && tunnels[index].held == 5)
        #expect(tunnels.ended(index, .client, isEnforced: false, keepsWords: true).upstream == .tunnel)
        #expect(tunnels.upward(index) == 5 && tunnels[index].held == 0)
        #expect(tunnels.relayed(index, .up, 2) == nil && tunnels.upward(index) == 3)
        #expect(tunnels.relayed(index, .up, 3)?.upstream == .shutdown)
        #expect(tunnels[index].notes.fromClient == 5 && tunnels[index].notes.toUpstream == 5)
    }

    @Test("half a ClientHello in front of a FIN ends a tunnel that is to be judged by it")
    func halfHello() throws {
        var io = try reactor()
        var tunnels = Tunnels()
        for measure in [ServerNameCheck.Measure.host, .rules, .reportingRules] {
            let ends = measure != .reportingRules
            let index = open(&tunnels, measure, &io)
            _ = tunnels.received(index, [22, 3, 1, 0, 200].span, limit: 1 << 14)
            let step = tunnels.ended(index, .client, isEnforced: true, keepsWords: true)
            #expect((step.ending == Ending(.client, .relay, .closed)) == ends)
        }
    }

    @Test("the rules are asked only where no other measure says it")
    func asking() throws {
        var io = try reactor()
        var tunnels = Tunnels()
        let bytes = ScriptedHello("a.example").bytes
        for measure in ServerNameCheck.Measure.allCases {
            let index = open(&tunnels, measure, &io)
            let asks = measure == .rules || measure == .reportingRules || measure == .rulesInTLS
            #expect(tunnels[index].asksRules == asks && tunnels[index].rulesMeasure == (asks ? measure : .nothing))
            guard case .whole(let reading, _) = tunnels.received(index, bytes.span, limit: 1 << 14) else {
                #expect(measure == .nothing)
                continue
            }
            #expect((tunnels.outcome(index, reading, ServerNameCheck()) == nil) == asks)
        }
    }
}
