import Testing

@testable import Apus

@Suite("What a service manager shows")
struct ServiceStatusTests {
    @Test("what it is at, how many use it, since when, and what has failed: one line") func texts() {
        var status = ServiceStatus()
        #expect(status.text == "Starting")
        status.phase = .serving
        status.since = 0
        #expect(status.text == "Serving 0 clients, 0 tunnels; settings since 1970-01-01T00:00:00Z")
        (status.clients, status.tunnels) = (1, 1)
        status.failure = ("f:1:2: no\nf:2:1:\u{1b}[31m never", 60)
        let failure = "the reload of 1970-01-01T00:01:00Z failed and changed nothing: f:1:2: no f:2:1: [31m never"
        #expect(status.text == "Serving 1 client, 1 tunnel; settings since 1970-01-01T00:00:00Z; \(failure)")
        status.standing = [0, 2]
        #expect(status.text.hasPrefix("Serving 1 client, 1 tunnel; threads stand still: apus-0, apus-2; "))
        status = ServiceStatus()
        status.phase = .draining(until: 30)
        (status.clients, status.tunnels) = (3, 2)
        #expect(status.text == "Draining until 1970-01-01T00:00:30Z at the latest, 3 clients, 2 tunnels left")
    }

    @Test("a reason without end is cut") func long() {
        var status = ServiceStatus()
        status.failure = (String(repeating: "x", count: 100_000), 0)
        #expect(status.text.utf8.count < 600 && status.text.hasSuffix("x…"))
    }
}
