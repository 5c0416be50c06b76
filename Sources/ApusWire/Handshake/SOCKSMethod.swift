/// How a client of SOCKS 5 authenticates itself (RFC 1928 §3).
public enum SOCKSMethod: UInt8, Sendable, BitwiseCopyable {
    /// NO AUTHENTICATION REQUIRED.
    case noAuthentication = 0x00
    /// USERNAME/PASSWORD (RFC 1929).
    case usernamePassword = 0x02
    /// NO ACCEPTABLE METHODS: the client must close.
    case noAcceptable = 0xff

    /// What a server answers to a greeting: its version, and the method it chooses.
    public var selection: InlineArray<2, UInt8> { [5, rawValue] }

    /// Reads a server's choice.
    ///
    /// - Parameter bytes: all that the server has sent so far; nothing may follow, for it has nothing more to say.
    /// - Returns: the method as it stands there, or nil while a byte is missing.
    public static func readSelection(_ bytes: Span<UInt8>) throws(SOCKSFault) -> UInt8? {
        guard !bytes.isEmpty else { return nil }
        guard bytes[0] == 5 else { throw .version }
        return bytes.count > 1 ? bytes[1] : nil
    }

    /// How long a server's choice is, and its answer to credentials.
    public static let selectionLength = 2
}

/// A client's greeting: which methods it offers (RFC 1928 §3).
public struct SOCKSGreeting: Sendable, BitwiseCopyable, Equatable {
    /// Whether it offers to go without authentication.
    public private(set) var offersNoAuthentication = false
    /// Whether it offers user name and password.
    public private(set) var offersUsernamePassword = false
    /// How many bytes the greeting has.
    public let length: Int

    /// Reads a greeting.
    ///
    /// - Parameter bytes: all that the client has sent so far.
    /// - Returns: nil while bytes are missing; show the same ones with more behind them.
    public static func read(_ bytes: Span<UInt8>) throws(SOCKSFault) -> SOCKSGreeting? {
        guard !bytes.isEmpty else { return nil }
        guard bytes[0] == 5 else { throw .version }
        guard bytes.count > 1 else { return nil }
        guard bytes[1] > 0 else { throw .noMethods }
        let length = 2 + Int(bytes[1])
        guard bytes.count >= length else { return nil }
        return SOCKSGreeting(bytes, length)
    }

    private init(_ bytes: Span<UInt8>, _ length: Int) {
        self.length = length
        for index in 2..<length {
            if bytes[index] == SOCKSMethod.noAuthentication.rawValue { offersNoAuthentication = true }
            if bytes[index] == SOCKSMethod.usernamePassword.rawValue { offersUsernamePassword = true }
        }
    }

    /// Writes a greeting that offers to go without authentication, and user name and password where there are any.
    ///
    /// - Returns: the offset behind it, or nil when it does not fit.
    public static func write(withCredentials: Bool, to target: inout MutableSpan<UInt8>, at: Int) -> Int? {
        guard NetworkOrder.hasRoom(withCredentials ? 4 : 3, in: target, at: at) else { return nil }
        if withCredentials { return NetworkOrder.put(0x05_02_00_02, 4, to: &target, at: at) }
        return NetworkOrder.put(0x05_01_00, 3, to: &target, at: at)
    }
}
