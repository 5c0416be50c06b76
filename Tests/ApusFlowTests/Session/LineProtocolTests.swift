import ApusPolicy
import ApusTesting
import Testing

@testable import ApusFlow
@testable import ApusWire

/// A second protocol on the port of HTTP, told apart by its first byte: a line `>host:port` asks for a tunnel, and `ok` or `no` is the answer.
/// A toy, which shows that a session of another kind runs the same exchange.
private struct LineSession {
    enum Phase { case line, busy, tunnel, closed }

    private(set) var phase = Phase.line
    private(set) var exchange = Exchange()
    private(set) var said = ""
    private(set) var ending: Ending?

    static func begins(with byte: UInt8) -> Bool { byte == UInt8(ascii: ">") }

    /// A line has come, whole.
    mutating func received(_ line: String) -> Step {
        guard phase == .line else { return .none }
        phase = .busy
        var facts = RequestProperties(method: .connect, version: .http11, body: .none, persistent: false)
        facts.switchesProtocol = true
        guard line.dropFirst().contains(":") else { return tell { $0.refused(.fault(.request(.malformedTarget))) } }
        return tell { $0.requested(facts) }
    }

    /// Does as the shell does, in the words of this protocol.
    @discardableResult
    mutating func tell(_ event: (inout Exchange) -> Step) -> Step {
        let step = event(&exchange)
        if step.answer != nil { said = "no \(step.answer?.status ?? 0)" }
        if step.client == .establish { said = "ok" }
        if let ending = step.ending { self.ending = ending }
        switch step.leaves {
        case .tunnel?: phase = .tunnel
        case nil: break
        case .next?, .last?, .ends?, .early?, .cut?, .reset?, .gone?: phase = .closed
        }
        return step
    }
}

@Suite("A second session protocol on the same port") struct LineProtocolTests {
    @Test("the first byte tells it from HTTP") func firstByte() {
        #expect(LineSession.begins(with: UInt8(ascii: ">")))
        for head in ["GET / HTTP/1.1", "CONNECT a:1 HTTP/1.1", "\r\nGET /"] {
            #expect(!LineSession.begins(with: head.utf8.first ?? 0))
        }
    }

    @Test("it runs a tunnel") func tunnel() {
        var session = LineSession()
        #expect(session.received(">a.example:443") == Step(upstream: .reach))
        #expect(session.exchange.wantsOwnConnection)
        let step = session.tell { $0.reached(reused: false) }
        #expect(step.upstream == .tunnel && session.said == "ok" && session.phase == .tunnel)
        #expect(session.ending == nil)
        // The tunnel is the same as behind CONNECT.
        var tunnel = Tunnel()
        #expect(tunnel.ended(.client).upstream == .shutdown)
        #expect(tunnel.ended(.upstream).ending == .complete)
    }

    @Test("a rule refuses it, in its own words, with the record of any request") func refused() {
        var session = LineSession()
        _ = session.received(">a.example:443")
        let step = session.tell { $0.refused(.fault(.refused(.rule))) }
        #expect(session.said == "no 403" && session.phase == .closed)
        #expect(session.ending == Fault.refused(.rule).ending && step.upstream == .close)
    }

    @Test("what it cannot read is refused like a faulty head") func faulty() {
        var session = LineSession()
        #expect(session.received(">nothing").fault == .request(.malformedTarget))
        #expect(session.said == "no 400")
    }
}
