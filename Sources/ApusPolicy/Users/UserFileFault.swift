/// What is wrong with one line of a ``UserFile``. It repeats nothing of the line but its number.
public struct UserFileFault: Error, Sendable, Hashable {
    /// What it is.
    public enum Reason: Error, Sendable, Hashable {
        /// It is not `name:hash`.
        case noColon
        /// The name is empty, too long, or holds what no client can send.
        case name
        /// The password's hash cannot be used.
        case password(PasswordHashFault)
        /// `sha256:` without 64 hexadecimal digits.
        case token
        /// The same token twice.
        case sameToken
        /// The user has a password already, on this line.
        case again(line: Int)
    }

    /// Where it is.
    public let position: SourcePosition
    /// What it is.
    public let reason: Reason

    /// Makes a fault.
    public init(position: SourcePosition, reason: Reason) {
        self.position = position
        self.reason = reason
    }
}

extension UserFileFault.Reason: CustomStringConvertible {
    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .noColon: "there is no colon; write name:hash, as apus hash-password --user NAME does"
        case .name: "the name is empty, begins or ends with a space, or holds a colon or a control character"
        case .password(let fault): fault.description
        case .token: "sha256: takes the 64 hexadecimal digits of a token's SHA-256 behind it"
        case .sameToken: "this token was given before"
        case .again(let line):
            line > 0
                ? "the user has a password already, on line \(line); keep one of them"
                : "the user has a password already"
        }
    }
}

extension UserFileFault: CustomStringConvertible {
    /// `users.htpasswd:3: ` and what is wrong.
    public var description: String {
        position.file.isEmpty ? "line \(position.line): \(reason)" : "\(position.file):\(position.line): \(reason)"
    }
}

/// All that is wrong with a ``UserFile``, in the order of its lines.
public struct UserFileFaults: Error, Sendable, Hashable, CustomStringConvertible {
    /// At least one.
    public let faults: [UserFileFault]

    /// One a line.
    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
