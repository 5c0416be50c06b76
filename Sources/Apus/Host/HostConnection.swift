internal import ApusReactor
package import ApusWire

/// A connection of a command to a server of this machine; it waits for what it wants.
package struct HostConnection: ~Copyable {
    private let socket: ClientSocket

    /// None: nothing ever comes from it.
    package init() {
        socket = ClientSocket()
    }

    /// Connects to an address.
    package init(_ address: IPAddress, port: UInt16, milliseconds: Int) throws(HostFault) {
        let target =
            address.family == .v4
            ? SocketAddress(v4: UInt32(truncatingIfNeeded: address.low), port: port)
            : SocketAddress(high: address.high, low: address.low, port: port)
        do {
            socket = try ClientSocket.connect(target, timeout: Int32(clamping: milliseconds))
        } catch { throw HostFault("\(error)") }
    }

    /// Connects to a socket in the file system.
    package init(path: String, milliseconds: Int) throws(HostFault) {
        do {
            socket = try ClientSocket.connect(path: path, timeout: Int32(clamping: milliseconds))
        } catch { throw HostFault("\(error)") }
    }

    /// Why a parent cannot be connected to, as half a sentence; nil if one of its addresses can, within its timeout each.
    package static func whyNotReached(_ parent: ParentSettings) -> String? {
        let milliseconds = Int(clamping: parent.timeout.microseconds / 1000)
        var addresses = IPAddress(parent.host).map { [$0] } ?? []
        if addresses.isEmpty {
            switch Resolver.systemLookUp(singleLabel: .dns)(parent.host) {
            case .success(let found):
                addresses = found.map {
                    $0.isV6
                        ? IPAddress(v6High: $0.high, low: $0.low) : IPAddress(v4: UInt32(truncatingIfNeeded: $0.low))
                }
            case .failure(.notFound), .failure(.singleLabel): return "its name has no address"
            case .failure(.tryAgain), .failure(.timedOut): return "no name server answers for its name"
            case .failure: return "its name cannot be looked up"
            }
        }
        var words = "it has no address"
        for address in addresses {
            do {
                _ = try HostConnection(address, port: parent.port, milliseconds: milliseconds)
                return nil
            } catch { words = error.description }
        }
        return words
    }

    var number: Int32 { socket.number }

    /// Whether there is a connection.
    package var isOpen: Bool { socket.number >= 0 }

    /// Sends a request.
    package func send(_ bytes: [UInt8]) throws(HostFault) {
        do { try socket.send(bytes) } catch { throw HostFault("\(error)") }
    }

    /// What has come, waiting for it at most so long; empty at the end, nil when nothing came in time.
    package func receive(milliseconds: Int) throws(HostFault) -> [UInt8]? {
        do { return try socket.receive(timeout: Int32(clamping: milliseconds)) } catch {
            throw HostFault("\(error)")
        }
    }
}

/// Why the system did not do something, in its own words.
package struct HostFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
