/// A connection that a ``ScriptedOrigin`` accepted, in the hands of its script.
public final class ScriptedConnection: Sendable {
    private let socket: BlockingSocket
    private let reader: MessageReader
    private let log: OriginLog
    /// Which connection of its origin it is, from 1.
    public let number: Int

    init(_ socket: BlockingSocket, _ log: OriginLog, _ number: Int) {
        self.socket = socket
        self.log = log
        self.number = number
        reader = MessageReader(socket)
    }

    /// Every byte that has come so far.
    public var received: [UInt8] { reader.received }

    /// The next request, head and body; nil when the other side has closed instead.
    ///
    /// - Throws: ``PeerFault``: the deadline, a reset, or a head that is cut short.
    public func readRequest() throws -> ScriptedRequest? {
        guard let head = try reader.head() else { return nil }
        return try finish(head)
    }

    /// The lines of the next head alone, for a script that answers before the body; nil when the other side has closed.
    ///
    /// - Throws: ``PeerFault``
    public func readHead() throws -> [String]? { try reader.head() }

    /// The request of a head that ``readHead()`` gave, with its body.
    ///
    /// - Throws: ``PeerFault``
    public func readBody(of head: [String]) throws -> ScriptedRequest { try finish(head) }

    /// Exactly so many bytes, whatever they mean.
    ///
    /// - Throws: ``PeerFault``
    public func read(_ count: Int) throws -> [UInt8] { try reader.exactly(count) }

    /// All bytes until the other side closes.
    ///
    /// - Throws: ``PeerFault``
    public func readToEnd() throws -> [UInt8] { try reader.toEnd().bytes }

    /// Sends text as UTF-8.
    ///
    /// - Throws: ``PeerFault``
    public func send(_ text: String) throws { try socket.send(Array(text.utf8)) }

    /// Sends bytes.
    ///
    /// - Throws: ``PeerFault``
    public func send(_ bytes: [UInt8]) throws { try socket.send(bytes) }

    /// Sends FIN; reading goes on.
    public func shutdown() { socket.finish() }

    /// Closes.
    public func close() {
        log.closed(number)
        socket.close()
    }

    /// Closes by RST.
    public func reset() {
        log.closed(number)
        socket.reset()
    }

    private func finish(_ head: [String]) throws -> ScriptedRequest {
        let body = try reader.body(FieldLines(head.dropFirst()).framing ?? .none)
        let request = ScriptedRequest(
            head: head,
            body: body.bytes,
            trailers: body.trailers,
            complete: body.isComplete
        )
        log.received(request)
        return request
    }
}
