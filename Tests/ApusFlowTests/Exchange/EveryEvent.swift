import ApusPolicy
import ApusTesting
import ApusWire

@testable import ApusFlow

/// Every event, with each of the arguments that make a difference.
let everyEvent: [Move<HTTP1Connection>] = [
    .accepted, .stopped,
    .headBegan, .get, .post, .postChunks, .oldGet, .upgrade, .connect,
    .requested("HEAD http://a.example/ HTTP/1.1", "Host: a.example"),
    .requested("GET http://a.example/ HTTP/1.1", "Host: a.example", "Connection: close"),
    .requested("GET http://a.example/ HTTP/1.1", "Host: a.example", "Authorization: NTLM TlRM"),
    .bind,
    .requested("TRACE http://a.example/ HTTP/1.1", "Host: a.example", "Max-Forwards: 0"),
    .requested("GET http://a.example/ HTTP/1.1", "Host: a.example", "Via: 1.1 apus-test"),
    .refused(.refused(.loopback)), .refused(.request(.malformedChunk)), .refused(.options),
    .challenged(.refused(.credentialsMissing)),
    .reached(reused: false), .reached(reused: true),
    .ok, .okChunks, .okUntilClose,
    .responded("HTTP/1.1 204 No Content"), .responded("HTTP/1.1 413 Content Too Large", "Content-Length: 1"),
    .responded("HTTP/1.1 200 OK", "Content-Length: 1", "Connection: close"),
    .responded("HTTP/1.1 401 Unauthorized", "Content-Length: 1", "WWW-Authenticate: Negotiate"),
    .responded("HTTP/1.1 103 Early Hints"),
    .responded("HTTP/1.1 101 Switching Protocols", "Connection: upgrade", "Upgrade: websocket"),
    .requestBodyEnded, .responseBodyEnded, .responseFaulted(.malformedChunk), .upstreamOverran,
    .upstreamEnded(partialHead: false), .upstreamEnded(partialHead: true),
    .upstreamFailed(partialHead: false), .upstreamFailed(partialHead: true),
    .clientEnded, .clientFailed, .clientDrained, .drained,
    .expired, .expired(stalled: .client), .expired(stalled: .upstream), .expired(came: 24),
    .expired(idle: 1, times: .sample),
]

extension DeadlineTimes {
    /// Times that differ, in ticks.
    static var sample: DeadlineTimes {
        var times = DeadlineTimes()
        times[.requestBody] = 600
        times[.firstByte] = 50
        times[.responseBody] = 70
        times[.flush] = 20
        times[.clientEnded] = 30
        times[.keepAlive] = 40
        times[.linger] = 20
        times[.tunnel] = 90
        times[.halfClose] = 10
        times.lingerInAll = 300
        times.minimumBodyRate = 240
        return times
    }
}

extension Move {
    /// The event without its arguments.
    var kind: String { String(name.prefix { $0 != "(" }) }
}

/// All that a connection and its exchange hold.
struct Snapshot: Equatable {
    let phase: HTTP1Connection.Phase
    let deadline: Deadline
    let flags: UInt32
    let method: Method
    let version: HTTPVersion
    let status: UInt16
    let bodies: [BodyFraming]
    let offers: UInt8
    let ends: [Bool]

    init(_ exchange: HTTP1Connection) {
        phase = exchange.phase
        deadline = exchange.deadline
        flags = exchange.flags.rawValue
        method = exchange.method
        version = exchange.version
        status = exchange.status
        bodies = [exchange.requestBody, exchange.responseBody]
        offers = exchange.upgrade.count
        ends = [exchange.session.clientEnded, exchange.session.isDraining]
    }
}
