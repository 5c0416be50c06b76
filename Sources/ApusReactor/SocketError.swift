internal import CApusReactor
internal import Glibc

/// Why a socket, a listener or a system call failed: an errno of the kernel, or one of the reactor's own codes.
public struct SocketError: Error, Sendable, Hashable {
    /// The errno, of which Linux has none above 133; 240 and up are the reactor's own. A slot keeps it in a byte.
    public let code: Int32

    public init(code: Int32) {
        self.code = code
    }

    /// The peer sent RST (ECONNRESET).
    public static let connectionReset = SocketError(code: ECONNRESET)
    /// Nobody listens there (ECONNREFUSED).
    public static let connectionRefused = SocketError(code: ECONNREFUSED)
    /// A write after the peer had closed (EPIPE).
    public static let brokenPipe = SocketError(code: EPIPE)
    /// The kernel gave up waiting for the peer (ETIMEDOUT).
    public static let timedOut = SocketError(code: ETIMEDOUT)
    /// No way to the host (EHOSTUNREACH).
    public static let hostUnreachable = SocketError(code: EHOSTUNREACH)
    /// No way to the network (ENETUNREACH).
    public static let networkUnreachable = SocketError(code: ENETUNREACH)
    /// The process has no descriptor left (EMFILE).
    public static let descriptorsExhausted = SocketError(code: EMFILE)
    /// The system has no descriptor left (ENFILE).
    public static let systemDescriptorsExhausted = SocketError(code: ENFILE)
    /// Somebody listens there already (EADDRINUSE).
    public static let addressInUse = SocketError(code: EADDRINUSE)
    /// No free local port, or an address of another machine (EADDRNOTAVAIL).
    public static let addressUnavailable = SocketError(code: EADDRNOTAVAIL)
    /// Not allowed, as binding a low port is (EACCES).
    public static let permissionDenied = SocketError(code: EACCES)
    /// The kernel or the process has no memory left (ENOMEM).
    public static let outOfMemory = SocketError(code: ENOMEM)

    /// Nothing can be done at once (EAGAIN).
    static let wouldBlock = EAGAIN

    /// More came than `discard` was told to drop.
    public static let discardLimit = SocketError(code: 240)
    /// The handler left more than 128 KiB unconsumed.
    public static let keptTooLarge = SocketError(code: 241)

    /// What came to a sealed socket is nothing that its seal can open, or its handshake failed.
    public static let sealBroken = SocketError(code: 242)
    /// The peer of a sealed socket closed without saying so by its seal: somebody may have cut it short.
    public static let truncated = SocketError(code: 243)

    /// Whether an accept failed for want of descriptors or memory, so that it may succeed later.
    public var isExhaustion: Bool { code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM }
}

extension SocketError: CustomStringConvertible {
    /// The sentence of the C library for this errno.
    public var description: String {
        switch self {
        case .discardLimit: return "Too much input to discard"
        case .keptTooLarge: return "Too much input left unconsumed"
        case .sealBroken: return "Sealed bytes that cannot be opened"
        case .truncated: return "Closed without the notice of its seal"
        default:
            return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
                guard let start = text.baseAddress else { return "" }
                apus_describe_error(code, start, text.count)
                return String(cString: start)
            }
        }
    }
}
