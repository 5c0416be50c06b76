/// User name and password of a client of SOCKS 5 (RFC 1929 §2), as runs of what it has sent.
public struct SOCKSCredentials: Sendable, BitwiseCopyable, Equatable {
    /// The user name; RFC 1929 wants a byte at least, some clients send none.
    public let user: ByteRange
    /// The password; Java's sends an empty one where it has none.
    public let password: ByteRange
    /// How many bytes the message has.
    public var length: Int { Int(password.end) }

    /// The longest message: a version, and two runs of 255 bytes with their lengths.
    public static let longest = 3 + 2 * 255

    /// Reads credentials.
    ///
    /// - Parameter bytes: what the client has sent behind its greeting.
    /// - Returns: nil while bytes are missing; show the same ones with more behind them.
    public static func read(_ bytes: Span<UInt8>) throws(SOCKSFault) -> SOCKSCredentials? {
        guard !bytes.isEmpty else { return nil }
        guard bytes[0] == 1 else { throw .version }
        guard bytes.count > 1 else { return nil }
        let userEnd = 2 + Int(bytes[1])
        guard bytes.count > userEnd else { return nil }
        let end = userEnd + 1 + Int(bytes[userEnd])
        guard bytes.count >= end else { return nil }
        return SOCKSCredentials(user: ByteRange(2, userEnd), password: ByteRange(userEnd + 1, end))
    }

    /// What a server answers: version 1, and 0 for success.
    public static func answer(isValid: Bool) -> InlineArray<2, UInt8> { [1, isValid ? 0 : 1] }

    /// Reads a server's answer.
    ///
    /// - Returns: whether the credentials are valid, or nil while a byte is missing.
    public static func readAnswer(_ bytes: Span<UInt8>) throws(SOCKSFault) -> Bool? {
        guard !bytes.isEmpty else { return nil }
        // Some servers answer with the version of SOCKS; what is meant is the byte behind it.
        guard bytes[0] == 1 || bytes[0] == 5 else { throw .version }
        return bytes.count > 1 ? bytes[1] == 0 : nil
    }

    /// Writes credentials.
    ///
    /// - Returns: the offset behind them, or nil when they do not fit, or a run is not of 1 to 255 bytes.
    public static func write(
        user: Span<UInt8>,
        password: Span<UInt8>,
        to target: inout MutableSpan<UInt8>,
        at: Int
    ) -> Int? {
        guard 1...255 ~= user.count, 1...255 ~= password.count,
            NetworkOrder.hasRoom(3 + user.count + password.count, in: target, at: at)
        else { return nil }
        var end = NetworkOrder.put(1, 1, to: &target, at: at)
        end = NetworkOrder.put(UInt64(user.count), 1, to: &target, at: end)
        end = copy(user, 0..<user.count, to: &target, at: end) ?? end
        end = NetworkOrder.put(UInt64(password.count), 1, to: &target, at: end)
        return copy(password, 0..<password.count, to: &target, at: end)
    }
}
