import ApusWire
import Testing

@testable import ApusFlow

/// A parent's side of a handshake, whose bytes come in any cuts, shown as the reactor shows them: with all that was not consumed before.
private final class Talk {
    private var handshake: ParentHandshake
    private var fields = FieldTable()
    private(set) var waiting: [UInt8] = []
    private(set) var sent: [ParentMessage.Kind] = []
    private(set) var outcome = HandshakeStep.Outcome.waits

    init(_ language: ParentHandshake.Language, provesItself: Bool = false) {
        handshake = ParentHandshake(language, provesItself: provesItself)
        sent.append(handshake.opening)
    }

    func hear(_ bytes: some Sequence<UInt8>) {
        waiting += bytes
        while outcome == .waits {
            let step = show(waiting)
            #expect(step.consumed <= waiting.count)
            waiting.removeFirst(min(step.consumed, waiting.count))
            outcome = step.outcome
            if let message = step.send { sent.append(message) }
            if step.consumed == 0 || waiting.isEmpty { break }
        }
    }

    func show(_ bytes: [UInt8]) -> HandshakeStep {
        handshake.received(bytes.span, limits: .response, fields: &fields)
    }

    /// What is known of it at the end: how it stands, what was said, and what is left for the tunnel.
    var end: End { End(outcome: outcome, sent: sent, left: waiting) }

    struct End: Equatable, CustomStringConvertible {
        let outcome: HandshakeStep.Outcome
        let sent: [ParentMessage.Kind]
        let left: [UInt8]
        var description: String { "\(outcome) \(sent) \(String(decoding: left, as: UTF8.self))" }
    }
}

@Suite("The handshake with a parent") struct ParentHandshakeTests {
    private static let tunnelBytes = Array("SSH-2.0-x\r\n".utf8)

    /// What comes of bytes at once, and at every cut in two, and byte by byte: the same each time.
    private func end(
        _ language: ParentHandshake.Language,
        _ bytes: [UInt8],
        provesItself: Bool = false
    ) -> Talk.End {
        let whole = Talk(language, provesItself: provesItself)
        whole.hear(bytes)
        let end = whole.end
        for cut in 0...bytes.count {
            let talk = Talk(language, provesItself: provesItself)
            talk.hear(bytes[..<cut])
            talk.hear(bytes[cut...])
            // What a failed one has read of the rest is nobody's.
            if case .failed = end.outcome {
                #expect(talk.outcome == end.outcome, "cut at \(cut)")
            } else {
                #expect(talk.end == end, "cut at \(cut)")
            }
        }
        let drips = Talk(language, provesItself: provesItself)
        for byte in bytes { drips.hear([byte]) }
        #expect(drips.outcome == end.outcome)
        return end
    }

    private func http(_ text: String) -> Talk.End { end(.http, Array(text.utf8)) }

    // MARK: CONNECT

    @Test(
        "a 2xx stands, whatever its fields say of a body, and what lies behind its head is the tunnel's",
        arguments: [
            "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 Connection established\r\n\r\n", "HTTP/1.1 299\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 204 No\r\nConnection: close\r\n\r\n",
        ]
    )
    func stands(_ head: String) {
        #expect(http(head) == Talk.End(outcome: .stands, sent: [.connect], left: []))
        #expect(http(head + "SSH-2.0-x\r\n").left == Self.tunnelBytes)
    }

    @Test("eight interim answers are read over, a ninth is too many, and there is nothing to switch to") func interim()
    {
        let one = "HTTP/1.1 103 Hints\r\nLink: <x>\r\n\r\n"
        #expect(http(String(repeating: one, count: 8) + "HTTP/1.1 200 OK\r\n\r\n").outcome == .stands)
        #expect(http(String(repeating: one, count: 9)).outcome == .failed(.malformed))
        #expect(http("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n").outcome == .failed(.malformed))
    }

    @Test(
        "a well-formed status is a refusal, and 407 asks for credentials",
        arguments: [300, 301, 400, 401, 403, 404, 429, 451, 500, 503, 599]
    )
    func refused(_ status: UInt16) {
        #expect(http("HTTP/1.1 \(status) No\r\nContent-Length: 2\r\n\r\nno").outcome == .failed(.refused(status)))
        #expect(http("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\n\r\n").outcome == .failed(.credentials))
    }

    @Test(
        "what is no answer is none",
        arguments: [
            "SSH-2.0-OpenSSH_9.6\r\n", "\u{5}\u{0}\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 99 Low\r\n\r\n",
            "HTTP/1.1 200 OK\nServer: x\n\n", "HTTP/1.1 200 OK\r\n folded\r\n\r\n", "220 mail ESMTP ready\r\n",
        ]
    )
    func malformed(_ bytes: String) { #expect(http(bytes).outcome == .failed(.malformed)) }

    @Test("a head that never ends has a bound") func endless() {
        let talk = Talk(.http)
        talk.hear(Array("HTTP/1.1 200 OK\r\n".utf8))
        for _ in 0..<200 { talk.hear(Array("X: \(String(repeating: "x", count: 1000))\r\n".utf8)) }
        #expect(talk.outcome == .failed(.malformed))
    }

    // MARK: SOCKS

    private func socks(_ bytes: [UInt8], provesItself: Bool = false) -> Talk.End {
        // A parent says the next word when it has been sent one: its messages come one by one, each in any cuts.
        end(.socks5, bytes, provesItself: provesItself)
    }

    /// A parent's messages, each sent when the one before it was answered, in drips.
    private func turns(_ messages: [[UInt8]], provesItself: Bool = false) -> Talk.End {
        let talk = Talk(.socks5, provesItself: provesItself)
        for message in messages { for byte in message { talk.hear([byte]) } }
        return talk.end
    }

    @Test(
        "SOCKS: without credentials two messages, with them three, and an address of each kind is read over",
        arguments: [[1, 0, 0, 0, 0], [3, 4, 0x61, 0x2e, 0x62, 0x63], [3, 0], [4] + [UInt8](repeating: 0, count: 16)]
            as [[UInt8]]
    )
    func agrees(_ address: [UInt8]) {
        let reply: [UInt8] = [5, 0, 0] + address + [0, 80]
        #expect(
            turns([[5, 0], reply + Self.tunnelBytes])
                == Talk.End(outcome: .stands, sent: [.greeting, .request], left: Self.tunnelBytes)
        )
        #expect(
            turns([[5, 2], [1, 0], reply], provesItself: true)
                == Talk.End(outcome: .stands, sent: [.greeting, .credentials, .request], left: [])
        )
        // Who would take credentials may do without them.
        #expect(turns([[5, 0], reply], provesItself: true).sent == [.greeting, .request])
    }

    @Test("SOCKS: what is no answer at each of its messages") func socksMalformed() {
        for first: [UInt8] in [[4, 0], [0], [0x48, 0x54], [5, 1], [5, 2], [5, 0, 0]] {
            #expect(socks(first).outcome == .failed(.malformed), "\(first)")
        }
        #expect(turns([[5, 2], [4, 0]], provesItself: true).outcome == .failed(.malformed))
        #expect(turns([[5, 0], [4]]).outcome == .failed(.malformed))
        #expect(turns([[5, 0], [5, 0, 0, 2, 0]]).outcome == .failed(.malformed))
    }

    @Test("SOCKS: no method, wrong credentials, and every reply but success are refusals") func socksRefused() {
        #expect(socks([5, 0xff]).outcome == .failed(.credentials))
        #expect(turns([[5, 2], [1, 1]], provesItself: true).outcome == .failed(.credentials))
        for reply in UInt8(1)...255 { #expect(turns([[5, 0], [5, reply]]).outcome == .failed(.declined(reply))) }
    }

    @Test("an end at any byte is one before an answer, and behind the end nothing is read") func ended() {
        #expect(ParentHandshake(.http, provesItself: false).ended() == .closed)
        let talk = Talk(.http)
        talk.hear(Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
        #expect(talk.show([1, 2, 3]) == HandshakeStep())
    }

    @Test("random bytes end in some outcome, and never consume what has not come") func noise() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let language = Bool.random(using: &random) ? ParentHandshake.Language.http : .socks5
            let talk = Talk(language, provesItself: Bool.random(using: &random))
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                talk.hear(
                    (0..<Int.random(in: 0...6, using: &random)).map { _ in UInt8.random(in: 0...7, using: &random) }
                )
            }
        }
    }
}
