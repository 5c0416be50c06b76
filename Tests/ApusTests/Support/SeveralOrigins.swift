import ApusTesting
import Foundation
import Glibc

/// Servers on several addresses of this machine and one port, so that a name can have more than one that answers.
final class SeveralOrigins: Sendable {
    typealias Script = @Sendable (_ connection: PlainSocket, _ address: String) throws -> Void

    let port: UInt16
    private let listeners: [String: PlainSocket]
    /// They hold the port, so that nobody else comes to listen there.
    private let closed: [PlainSocket]

    /// Starts them; a connection is closed at its script's end.
    ///
    /// - Parameter closed: addresses where the port refuses connections.
    init(_ addresses: [String], closed: [String] = [], _ script: @escaping Script) throws {
        (port, listeners, self.closed) = try Self.bind(addresses, closed)
        for (address, listener) in listeners {
            Thread.detachNewThread {
                while true {
                    let accepted = Glibc.accept(listener.number, nil, nil)
                    guard accepted >= 0, let connection = try? PlainSocket(adopting: accepted) else { return }
                    Thread.detachNewThread { try? script(connection, address) }
                }
            }
        }
    }

    deinit { for listener in listeners.values { Glibc.shutdown(listener.number, Int32(SHUT_RDWR)) } }

    /// Each answers every request with its address and what `X-Given` said; the answer says `Server: origin`.
    ///
    /// - Parameter served: how many requests a connection serves; the next one is read, and meets its end.
    static func telling(
        _ addresses: [String],
        closed: [String] = [],
        served: Int = .max
    ) throws -> SeveralOrigins {
        try SeveralOrigins(addresses, closed: closed) { connection, address in
            var count = 0
            while let head = try? connection.read(until: "\r\n\r\n") {
                count += 1
                guard count <= served else { return }
                let lines = head.split(separator: "\r\n")
                let given = lines.filter { $0.hasPrefix("X-Given: ") }.map { $0.dropFirst(9) }
                try connection.send(ok("\(address) \(given.joined(separator: "+"))", "Server: origin"))
            }
        }
    }

    /// A port that is free on all of them: the system chooses it on the first.
    private static func bind(
        _ addresses: [String],
        _ closed: [String]
    ) throws -> (UInt16, [String: PlainSocket], [PlainSocket]) {
        var last: any Error = PeerFault.closed
        for _ in 0..<64 {
            do {
                var listeners: [String: PlainSocket] = [:]
                var port: UInt16 = 0
                for address in addresses {
                    let listener = try PlainSocket.bound(to: address, port: port, backlog: 64)
                    port = listener.port
                    listeners[address] = listener
                }
                return (port, listeners, try closed.map { try PlainSocket.bound(to: $0, port: port) })
            } catch {
                last = error
            }
        }
        throw last
    }
}
