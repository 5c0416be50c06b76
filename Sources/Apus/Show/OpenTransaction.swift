public import ApusFlow
internal import ApusPolicy
internal import ApusWire

/// A request or tunnel that runs.
public struct OpenTransaction: Sendable, Equatable {
    /// What it waits for, or does.
    public enum Phase: String, Sendable, CaseIterable {
        /// A policy, or an authenticator, is asked.
        case deciding
        /// The host's name is looked up.
        case lookingUp = "looking up"
        /// The upstream is being connected to.
        case connecting
        /// The response has not begun.
        case waiting
        /// The response is coming.
        case relaying
        /// Bytes pass both ways.
        case tunnel
    }

    /// The decision id.
    public let id: UInt64
    /// What was asked for.
    public let kind: AccessRecord.Kind
    /// When its first byte came, in microseconds since 1970.
    public let startedAt: Int64
    /// How long ago that is, in microseconds.
    public let age: UInt64
    /// The client's address, without brackets.
    public let clientAddress: String
    /// The client's port.
    public let clientPort: UInt16
    /// The listener's address and port.
    public let listener: String
    /// The authenticated user.
    public let user: String?
    /// The method; empty while it is not known.
    public let method: String
    /// The host; empty while it is not known.
    public let host: String
    /// The port that was asked for; 0 while it is not known.
    public let port: UInt16
    /// Path and query; empty for a tunnel.
    public let path: String
    /// What it waits for, or does.
    public let phase: Phase
    /// The address that was connected to, or is tried.
    public let upstream: String?
    /// What has passed until now.
    public let bytes: ByteCounts
    /// The rule that decided.
    public let rule: String?

    /// The decision id as logs and answers show it: 16 hexadecimal digits.
    public var idText: String {
        var bytes: [UInt8] = []
        bytes.write(hexadecimal: id)
        return String(decoding: bytes, as: UTF8.self)
    }
}
