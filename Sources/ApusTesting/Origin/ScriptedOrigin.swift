internal import Synchronization

/// An origin server on a free port of 127.0.0.1 whose answers a test scripts; it notes what it receives.
///
/// ```swift
/// let origin = try ScriptedOrigin { connection in
///     while try connection.readRequest() != nil {
///         try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
///     }
/// }
/// ```
///
/// It has a thread for accepting and one for each connection; a script may block. It stops when nobody holds it any
/// more.
public final class ScriptedOrigin: Sendable {
    /// What an accepted connection does; at its end the connection is closed.
    public typealias Script = @Sendable (ScriptedConnection) throws -> Void

    private let log: OriginLog
    private let listener: BlockingSocket
    /// The port it listens on.
    public let port: UInt16

    /// Starts it.
    ///
    /// - Parameters:
    ///   - deadline: how long a connection waits in any one call.
    ///   - script: runs on its own thread for each connection.
    /// - Throws: ``PeerFault`` when there is no socket or thread.
    public init(deadline: Duration = Patience.limit, _ script: @escaping Script) throws {
        let listener = try BlockingSocket.listen(backlog: 128)
        let log = OriginLog()
        self.listener = listener
        self.log = log
        port = listener.localPort
        try OwnThread.start {
            while let socket = listener.accept(deadline: deadline) {
                let connection = ScriptedConnection(socket, log, log.accepted(socket))
                try? OwnThread.start {
                    do { try script(connection) } catch { log.failed("\(error)") }
                    connection.close()
                }
            }
        }
    }

    deinit { stop() }

    /// An origin that sends this whole response to each request, until its client closes.
    ///
    /// - Throws: ``PeerFault`` when there is no socket or thread.
    public static func answering(_ response: String) throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            while try connection.readRequest() != nil { try connection.send(response) }
        }
    }

    /// `127.0.0.1:PORT`, for a URL or a CONNECT target.
    public var authority: String { "127.0.0.1:\(port)" }
    /// `http://127.0.0.1:PORT` and a path.
    public func url(_ path: String = "/") -> String { "http://\(authority)\(path)" }
    /// The requests received so far by ``ScriptedConnection/readRequest()``, in their order.
    public var requests: [ScriptedRequest] { log.requests }
    /// How many connections were accepted so far.
    public var connectionCount: Int { log.connectionCount }
    /// What scripts threw so far, as text.
    public var failures: [String] { log.failures }

    /// Listens no more, and ends the connections; their scripts meet their end.
    public func stop() {
        listener.wake()
        log.wakeAll()
    }
}

/// What an origin notes; its threads hold it, not the origin.
final class OriginLog: Sendable {
    private struct State {
        var requests: [ScriptedRequest] = []
        var failures: [String] = []
        var count = 0
        var open: [Int: BlockingSocket] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())

    var requests: [ScriptedRequest] { state.withLock { $0.requests } }
    var failures: [String] { state.withLock { $0.failures } }
    var connectionCount: Int { state.withLock { $0.count } }

    func accepted(_ socket: BlockingSocket) -> Int {
        state.withLock { state in
            state.count += 1
            state.open[state.count] = socket
            if state.isStopped { socket.wake() }
            return state.count
        }
    }

    func closed(_ number: Int) { state.withLock { _ = $0.open.removeValue(forKey: number) } }
    func received(_ request: ScriptedRequest) { state.withLock { $0.requests.append(request) } }
    func failed(_ text: String) { state.withLock { $0.failures.append(text) } }

    func wakeAll() {
        state.withLock { state in
            state.isStopped = true
            for socket in state.open.values { socket.wake() }
        }
    }
}
