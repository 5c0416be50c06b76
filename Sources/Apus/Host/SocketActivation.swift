internal import ApusReactor
internal import ApusWire

/// The listening sockets that a service manager hands over, by the protocol of sd_listen_fds(3): each by its name, and judged before it
/// is used.
package struct SocketActivation: Sendable, Equatable {
    /// What a socket is for: the name that it is to have (`FileDescriptorName=`).
    package enum Role: String, Sendable, CaseIterable {
        /// Clients of the proxy; there may be several, on different addresses.
        case proxy
        /// Metrics, health and the page.
        case admin
        /// The commands that steer it.
        case control
    }

    /// A socket that was handed over.
    package struct Socket: Sendable, Equatable {
        package let role: Role
        /// Where it listens.
        package let address: AdminAddress
        /// Its number; whoever serves on it closes it.
        package let descriptor: Int32
        /// Whether it is one in the file system that everybody on this machine may connect to.
        package let isOpenToAll: Bool

        package init(_ role: Role, _ address: AdminAddress, descriptor: Int32, isOpenToAll: Bool = false) {
            self.role = role
            self.address = address
            self.descriptor = descriptor
            self.isOpenToAll = isOpenToAll
        }
    }

    /// What was handed over, in the order of the descriptors.
    package private(set) var sockets: [Socket] = []
    /// What is no fault and deserves a word.
    package private(set) var notices: [String] = []

    /// These, which were judged already.
    package init(_ sockets: [Socket] = []) { self.sockets = sockets }

    /// Takes what the environment tells of.
    ///
    /// - Throws: all that is wrong with it.
    package init(_ environment: [String: String], process: Int32 = HostProcess.identifier) throws(SocketActivationFault)
    {
        self.init()
        guard let variables = try ListenVariables(environment) else { return }
        guard variables.process == process else {
            notices = [
                "sockets were handed over to the process \(variables.process), and this is \(process): they are left alone; a script "
                    + "in between has to end with exec"
            ]
            return
        }
        self = try SocketActivation(
            handed: variables.names.enumerated().map { (ListenVariables.first + Int32($0.offset), $0.element) }
        )
    }

    /// Takes these descriptors, each with its name.
    package init(handed: [(descriptor: Int32, name: String)]) throws(SocketActivationFault) {
        var problems: [String] = []
        for (descriptor, name) in handed {
            guard let role = Role(rawValue: name) else {
                problems.append(
                    "a socket is handed over by the name \"\(name)\", which is none of proxy, admin and control: "
                        + "FileDescriptorName= in its unit gives it one"
                )
                continue
            }
            do throws(HandedSocket.Misfit) {
                let socket = try HandedSocket(descriptor)
                let address = try Self.address(socket)
                sockets.append(Socket(role, address, descriptor: descriptor, isOpenToAll: socket.isOpenToAll))
            } catch {
                problems.append("the descriptor \(descriptor), handed over as \(name), \(Self.words(error))")
            }
        }
        problems += Self.clashes(sockets)
        if !problems.isEmpty { throw SocketActivationFault(problems: problems) }
    }

    /// Those for clients of the proxy.
    package var clients: [Socket] { sockets.filter { $0.role == .proxy } }
    /// The one for the admin listener.
    package var admin: Socket? { sockets.first { $0.role == .admin } }
    /// The one for the commands that steer it.
    package var control: Socket? { sockets.first { $0.role == .control } }

    private static func address(_ socket: HandedSocket) throws(HandedSocket.Misfit) -> AdminAddress {
        switch socket.place {
        case .path(let path): return .socket(path: path)
        case .address(let address):
            guard let listen = ListenAddress(host: IPAddress(address).description, port: address.port) else {
                throw .wrongKind
            }
            return .address(listen)
        }
    }

    private static func words(_ misfit: HandedSocket.Misfit) -> String {
        switch misfit {
        case .notOpen: "is not open"
        case .notSocket: "is no socket"
        case .wrongKind: "is no socket of TCP, and none with a path; ListenStream= makes one"
        case .notListening: "does not listen; Accept=no hands over a socket that does"
        case .bothFamilies:
            "takes IPv6 and IPv4 at once, and rules could not tell clients of IPv4 by their addresses: BindIPv6Only=ipv6-only, and a "
                + "ListenStream= for each"
        }
    }

    /// Two that cannot be told apart, and a family that is not served.
    private static func clashes(_ sockets: [Socket]) -> [String] {
        var problems: [String] = []
        for (index, socket) in sockets.enumerated() {
            let before = sockets[..<index].filter { $0.role == socket.role }
            if socket.role != .proxy, let other = before.first {
                problems.append(
                    "two sockets are handed over as \(socket.role.rawValue), \(other.address) and \(socket.address): there is one"
                )
            } else if before.contains(where: { $0.address == socket.address }) {
                problems.append("two sockets are handed over for \(socket.address)")
            }
            switch (socket.role, socket.address) {
            case (.proxy, .socket(let path)):
                problems.append("\(path) is handed over as proxy: clients come by TCP, as ListenStream=127.0.0.1:3128")
            case (.control, .address(let address)):
                problems.append(
                    "\(address) is handed over as control: that is a path, as ListenStream=/run/apus/control.sock"
                )
            default: break
            }
        }
        return problems
    }
}

/// Why what a service manager hands over cannot be used.
package struct SocketActivationFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// A sentence each.
    package let problems: [String]

    package var description: String { problems.joined(separator: "\n") }
}
