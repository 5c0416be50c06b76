/// Why a text behind a user's name cannot be used as a hashed password. It repeats nothing of the text, which may be the
/// password itself.
public enum PasswordHashFault: Error, Sendable, Hashable, CaseIterable {
    /// There is none.
    case missing
    /// A password as it is, or nothing that is known.
    case plain
    /// `{SHA}` and its like, as directories keep them.
    case directory
    /// `$apr1$`: Apache's MD5.
    case apr1
    /// `$1$`.
    case md5Crypt
    /// Thirteen digits: the DES of old.
    case des
    /// It begins as crypt(3) does, but is of a kind that is not taken.
    case unknownKind
    /// Of a known kind, but cut short or changed.
    case malformed
    /// It would take seconds or hundreds of megabytes to verify.
    case tooCostly

    /// What kind of unusable text it is, when it is not in the form of crypt(3).
    init(unusable text: String) {
        let isShort = text.utf8.count == 13 && text.utf8.allSatisfy { PasswordHash.value($0) < 64 }
        if text.isEmpty {
            self = .missing
        } else if text.hasPrefix("{") {
            self = .directory
        } else {
            self = text.hasPrefix("$") ? .malformed : isShort ? .des : .plain
        }
    }
}

extension PasswordHashFault: CustomStringConvertible {
    /// What is wrong and what to do.
    public var description: String { "\(what); \(PasswordHashFault.remedy)" }

    /// What makes an entry that can be used.
    static let remedy = "make a new entry: apus hash-password --user NAME"

    private var what: String {
        switch self {
        case .missing: "there is no password behind the name"
        case .plain: "the password is not hashed, or in no known way"
        case .directory: "{SHA} and its like are guessed too quickly and not taken"
        case .apr1: "apr1 (MD5) is guessed too quickly and not taken"
        case .md5Crypt: "md5-crypt ($1$) is guessed too quickly and not taken"
        case .des: "DES crypt looks at eight letters, is guessed at once, and not taken"
        case .unknownKind: "this kind of hash is not known here: bcrypt, sha-crypt ($5$, $6$) and yescrypt ($y$) are"
        case .malformed: "the hash is not whole"
        case .tooCostly: "the hash would take too long or too much memory to verify"
        }
    }
}
