/// A client that sends raw bytes to a proxy on 127.0.0.1, right or wrong, and reads what comes back.
///
/// Its calls block, each with a deadline: a test that makes many runs them by ``onOwnThread(_:)``.
public final class RawClient: Sendable {
    private let socket: BlockingSocket
    private let reader: MessageReader

    /// Connects.
    ///
    /// - Parameters:
    ///   - port: of 127.0.0.1.
    ///   - window: the size asked for the receive buffer, in bytes, for a client that takes little at a time.
    ///   - deadline: how long any one call waits.
    /// - Throws: ``PeerFault``
    public init(port: UInt16, window: Int? = nil, deadline: Duration = Patience.limit) throws {
        socket = try BlockingSocket.connect(port: port, window: window, deadline: deadline)
        reader = MessageReader(socket)
    }

    /// Every byte that has come so far.
    public var received: [UInt8] { reader.received }
    /// The own port, as an `AccessRecord` names it.
    public var localPort: UInt16 { socket.localPort }

    /// Sends text as UTF-8.
    ///
    /// - Throws: ``PeerFault``
    public func send(_ text: String) throws { try socket.send(Array(text.utf8)) }

    /// Sends bytes.
    ///
    /// - Throws: ``PeerFault``
    public func send(_ bytes: [UInt8]) throws { try socket.send(bytes) }

    /// Sends as much as the kernel takes at once, and answers how much that was: for a peer that does not read.
    public func sendNow(_ bytes: [UInt8]) -> Int { socket.sendNow(bytes) }

    /// The next final response; interim ones before it are in ``RawResponse/interim``. A 101 is final.
    ///
    /// A body that is cut short is no error: ``RawResponse/complete`` is false.
    ///
    /// - Parameter method: of the request, for HEAD and CONNECT have answers without a body (RFC 9112 §6.3).
    /// - Throws: ``PeerFault``, ``PeerFault/closed`` when there is no response.
    public func readResponse(to method: String = "GET") throws -> RawResponse {
        var interim: [[String]] = []
        while true {
            let head = try readHead()
            let status = RawResponse.status(of: head)
            if status / 100 == 1, status != 101 {
                interim.append(head)
                continue
            }
            let bodiless =
                status == 101 || status == 204 || status == 304 || method == "HEAD"
                || (method == "CONNECT" && status / 100 == 2)
            let framing = bodiless ? .none : FieldLines(head.dropFirst()).framing ?? .untilClose
            return RawResponse(head: head, body: try reader.body(framing), interim: interim)
        }
    }

    /// The lines of the next head, interim or final, its body left unread.
    ///
    /// - Throws: ``PeerFault``, ``PeerFault/closed`` when there is none.
    public func readHead() throws -> [String] {
        guard let head = try reader.head() else { throw PeerFault.closed }
        return head
    }

    /// Exactly so many bytes.
    ///
    /// - Throws: ``PeerFault``
    public func read(_ count: Int) throws -> [UInt8] { try reader.exactly(count) }

    /// All bytes until the proxy closes; what came until then when it resets.
    ///
    /// - Throws: ``PeerFault``
    public func readToEnd() throws -> [UInt8] { try reader.toEnd().bytes }

    /// Whether the proxy closes or resets within this time, without another byte.
    public func isClosed(within limit: Duration = Patience.limit) -> Bool {
        do throws(PeerFault) {
            return try socket.receive(1, within: Self.milliseconds(limit)).isEmpty
        } catch {
            return error == .reset
        }
    }

    /// Whether the proxy resets within this time, whatever bytes come before that.
    public func isReset(within limit: Duration = Patience.limit) -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + limit
        do throws(PeerFault) {
            while case let left = clock.now.duration(to: end), left > .zero {
                if try socket.receive(65_536, within: Self.milliseconds(left)).isEmpty { return false }
            }
            return false
        } catch {
            return error == .reset
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int32 {
        let (seconds, attoseconds) = duration.components
        return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// Sends FIN; reading goes on.
    public func shutdown() { socket.finish() }
    /// Closes.
    public func close() { socket.close() }
    /// Closes by RST.
    public func reset() { socket.reset() }
}
