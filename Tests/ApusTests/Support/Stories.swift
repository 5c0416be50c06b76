import Apus
import ApusFlow
import ApusTesting
import Testing

/// A request head by way of the proxy, in absolute-form.
func head(_ method: String, _ url: String, _ fields: String..., version: String = "1.1") -> String {
    let authority = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
    let lines = ["\(method) \(url) HTTP/\(version)", "Host: \(authority)"] + fields
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
}

/// A CONNECT head.
func connect(_ authority: String, _ fields: String...) -> String {
    (["CONNECT \(authority) HTTP/1.1", "Host: \(authority)"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
}

/// A 200 with this content.
func ok(_ content: String, _ fields: String...) -> String {
    (["HTTP/1.1 200 OK", "Content-Length: \(content.utf8.count)"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
        + content
}

/// A policy of these rules.
func rules(_ rules: Rule..., change: (inout PolicyRules) -> Void = { _ in }) -> PolicyRules {
    var policy = PolicyRules()
    policy.rules = rules
    change(&policy)
    return policy
}

/// A rule that allows what the condition says, with tunnels of this kind.
func allow(_ name: String? = nil, tls: TunnelTLS? = nil, when condition: (inout Condition) -> Void = { _ in }) -> Rule {
    allow(name, change: { $0.tls = tls }, when: condition)
}

/// A rule that allows what the condition says, in its own way.
func allow(
    _ name: String? = nil,
    change permission: (inout Permission) -> Void,
    when condition: (inout Condition) -> Void = { _ in }
) -> Rule {
    var what = Permission()
    permission(&what)
    var when = Condition()
    condition(&when)
    return Rule(.allow(what), when: when, name: name)
}

/// A rule that denies what the condition says.
func deny(_ name: String? = nil, when condition: (inout Condition) -> Void = { _ in }) -> Rule {
    var when = Condition()
    condition(&when)
    return Rule(.deny(Rejection()), when: when, name: name)
}

/// Bytes that differ from place to place, so that what is lost, doubled or moved shows.
func pattern(_ count: Int, seed: UInt8 = 0) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        var value = UInt32(seed) &+ 1
        for index in 0..<count {
            value = value &* 1_664_525 &+ 1_013_904_223
            buffer[index] = UInt8(truncatingIfNeeded: value >> 24)
        }
        filled = count
    }
}

extension TestProxy {
    /// Runs a client of this proxy on a thread of its own.
    func client<Value: Sendable>(
        window: Int? = nil,
        _ body: @escaping @Sendable (RawClient) throws -> Value
    ) async throws -> Value {
        try await onOwnThread { [port] in
            let client = try RawClient(port: port, window: window)
            defer { client.close() }
            return try body(client)
        }
    }

    /// Sends one request and reads its response.
    func fetch(_ head: String, method: String = "GET") async throws -> RawResponse {
        try await client { client in
            try client.send(head)
            return try client.readResponse(to: method)
        }
    }

    /// Waits for so many records, ends the proxy, and requires that there is no other one.
    func settle(
        _ count: Int = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [AccessRecord] {
        _ = await records(count: count)
        await stop()
        try #require(records.count == count, sourceLocation: sourceLocation)
        return records
    }
}

extension RawClient {
    /// One exchange on this connection.
    func exchange(_ request: String, method: String = "GET") throws -> RawResponse {
        try send(request)
        return try readResponse(to: method)
    }
}

/// Opened once by one thread, waited for by others.
final class Gate: Sendable {
    private let socket: PlainSocket
    private let other: PlainSocket

    init() throws { (socket, other) = try PlainSocket.pair() }

    func open() { try? other.send([1]) }

    /// Blocks until it is open; throws when that takes too long.
    func wait() throws {
        guard socket.isReadable(within: 300_000) else { throw PeerFault.timedOut }
    }
}
