import ApusFlow
import ApusReactor
import ApusTesting
import Logging

@testable import Apus

/// A proxy's thread whose clients or origins speak sealed: its own handler, told of a socket once the seal there is open.
final class SealedProxy: Sendable {
    let port: UInt16
    let records: AsyncStream<AccessRecord>
    private let server: ProxyServer
    private let mail: Mailbox<WorkerMessage>

    init(clients: Bool, origins: Bool) throws {
        let (records, report) = AsyncStream<AccessRecord>.makeStream()
        self.records = records
        server = ProxyServer(
            configuration: try TestProxy.configuration(),
            logger: Logger(label: "apus-test", factory: { _ in SwiftLogNoOpLogHandler() }),
            observer: { report.yield($0) }
        )
        let shared = try server.start()
        let doorbell = try Waker()
        let mail = Mailbox<WorkerMessage>(doorbell)
        self.mail = mail
        let listener = try Listener.bind(SocketAddress(v4: 0x7F00_0001, port: 0), reusePort: false)
        guard let address = listener.boundAddress else { throw SocketError.addressUnavailable }
        port = address.port
        let number = listener.release()
        try ReactorThread.start(name: "sealed") {
            let thread = WorkerHandler(Worker(shared: shared, number: 0), mail: mail)
            let handler = SealingHandler(thread, clients: clients, origins: origins)
            let seed = ListenerSeed(
                descriptor: number,
                address: address,
                place: ListenAddress(host: "127.0.0.1", port: address.port) ?? .standard,
                options: ListenerOptions(),
                isShared: false
            )
            try? runReactor(handler: handler, doorbell: doorbell) { io in thread.listen(seed, &io) }
        }
    }

    deinit {
        mail.post(.stop)
        server.stop()
    }
}

/// Puts seals at the sockets of another handler, which hears of each once it can be used.
private final class SealingHandler: ReactorHandler {
    private let inner: WorkerHandler
    private let clients: Bool
    private let origins: Bool
    private var clientsOnTheirWay: [Token: (listener: Int, peer: SocketAddress)] = [:]
    private var originsOnTheirWay: Set<Token> = []

    init(_ inner: WorkerHandler, clients: Bool, origins: Bool) {
        self.inner = inner
        self.clients = clients
        self.origins = origins
    }

    func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {
        guard clients else { return inner.accepted(token, listener: listener, peer: peer, &io) }
        clientsOnTheirWay[token] = (listener, peer)
        io.secure(token, with: FrameSeal(speaksFirst: false), end: .lenient)
    }

    func connected(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        guard origins else { return inner.connected(token, tag: tag, &io) }
        originsOnTheirWay.insert(token)
        io.secure(token, with: FrameSeal(speaksFirst: true), end: .strict)
    }

    func secured(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        if let client = clientsOnTheirWay.removeValue(forKey: token) {
            inner.accepted(token, listener: client.listener, peer: client.peer, &io)
        } else if originsOnTheirWay.remove(token) != nil {
            inner.connected(token, tag: tag, &io)
        }
    }

    func received(
        _ token: Token,
        tag: UInt64,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        inner.received(token, tag: tag, bytes, &scratch, &io)
    }

    func failed(_ token: Token, tag: UInt64, _ error: SocketError, _ io: inout ReactorIO) {
        originsOnTheirWay.remove(token)
        if clientsOnTheirWay.removeValue(forKey: token) != nil { return io.close(token) }
        inner.failed(token, tag: tag, error, &io)
    }

    func ended(_ token: Token, tag: UInt64, _ io: inout ReactorIO) { inner.ended(token, tag: tag, &io) }
    func drained(_ token: Token, tag: UInt64, _ io: inout ReactorIO) { inner.drained(token, tag: tag, &io) }
    func relayed(_ token: Token, tag: UInt64, _ io: inout ReactorIO) { inner.relayed(token, tag: tag, &io) }
    func passed(_ token: Token, tag: UInt64, _ bytes: Span<UInt8>) -> Bool { inner.passed(token, tag: tag, bytes) }
    func expired(_ timer: Timer, _ io: inout ReactorIO) { inner.expired(timer, &io) }
    func rang(_ io: inout ReactorIO) { inner.rang(&io) }
    func exhausted(listener: Int, _ error: SocketError, _ io: inout ReactorIO) {
        inner.exhausted(listener: listener, error, &io)
    }
    func turned(_ io: inout ReactorIO) { inner.turned(&io) }
}
