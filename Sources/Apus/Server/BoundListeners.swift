internal import ApusReactor
internal import ApusWire

/// A listening socket on its way to its thread.
struct ListenerSeed: Sendable {
    let descriptor: Int32
    let address: SocketAddress
    /// The address as it is written, with the true port.
    let place: ListenAddress
    let options: ListenerOptions
    /// Whether other threads accept from the same socket.
    let isShared: Bool
}

/// The listening sockets of a server: each address once for every thread.
struct BoundListeners {
    struct Address {
        let listen: ListenAddress
        let options: ListenerOptions
        let socket: SocketAddress
        /// Whether all threads have one socket, which was handed over.
        let isShared: Bool
    }

    /// The addresses with true ports, in the order of the settings.
    private(set) var addresses: [Address] = []
    private var descriptors: [[Int32]] = []

    /// Binds all, or none.
    ///
    /// A busy address is found out by binding it once without SO_REUSEPORT: with it, a second process would quietly take
    /// half of the clients. The first thread's socket takes the port, the others' join it. One that was handed over is shared by all
    /// threads: what waits in its queue outlives them.
    init(_ configuration: ProxyConfiguration, handed: [SocketActivation.Socket] = [], threads: Int) throws(StartFault) {
        for listen in configuration.listeners {
            let options = configuration.options(of: listen)
            let socket = handed.first { $0.address.isSame(as: .address(listen)) }
            do throws(StartFault) {
                if let socket {
                    try adopt(socket.descriptor, listen, options, threads)
                } else {
                    try bind(listen, options, threads)
                }
            } catch {
                close()
                throw error
            }
        }
    }

    /// The sockets of one thread.
    func seeds(thread: Int) -> [ListenerSeed] {
        addresses.indices.map { index in
            ListenerSeed(
                descriptor: descriptors[index][thread],
                address: addresses[index].socket,
                place: addresses[index].listen,
                options: addresses[index].options,
                isShared: addresses[index].isShared
            )
        }
    }

    /// Closes all of them, when nothing will be served.
    func close() {
        for descriptor in descriptors.joined() { _ = Listener(adopting: descriptor) }
    }

    private mutating func adopt(
        _ handed: Int32,
        _ listen: ListenAddress,
        _ options: ListenerOptions,
        _ threads: Int
    ) throws(StartFault) {
        guard let address = IPAddress(listen.host) else {
            throw .cannotListen(listen, reason: "it is no IP address")
        }
        descriptors.append([handed])
        do throws(SocketError) {
            for _ in 1..<max(1, threads) {
                descriptors[descriptors.count - 1].append(try HandedSocket.duplicate(handed))
            }
        } catch {
            throw .noResources(reason: error.description)
        }
        let socket = SocketAddress(address, port: listen.port)
        addresses.append(Address(listen: listen, options: options, socket: socket, isShared: true))
    }

    private mutating func bind(
        _ listen: ListenAddress,
        _ options: ListenerOptions,
        _ threads: Int
    ) throws(StartFault) {
        guard let address = IPAddress(listen.host) else {
            throw .cannotListen(listen, reason: "it is no IP address")
        }
        var socket = SocketAddress(address, port: listen.port)
        descriptors.append([])
        do throws(SocketError) {
            try Listener.probe(socket)
            for _ in 0..<threads {
                let listener = try Listener.bind(socket, reusePort: true)
                socket = listener.boundAddress ?? socket
                descriptors[descriptors.count - 1].append(listener.release())
            }
        } catch {
            switch error {
            case .addressInUse: throw .addressInUse(listen)
            case .addressUnavailable: throw .addressNotHere(listen)
            case .permissionDenied: throw .notPermitted(listen)
            default: throw .cannotListen(listen, reason: error.description)
            }
        }
        let bound = ListenAddress(host: listen.host, port: socket.port) ?? listen
        addresses.append(Address(listen: bound, options: options, socket: socket, isShared: false))
    }
}
