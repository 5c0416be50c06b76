/// Users with their hashed passwords and tokens, as Apache's htpasswd writes them: `name:hash` on each line; empty lines and
/// lines that begin with `#` are passed over.
///
/// A name has one password at most, and as many tokens (`name:sha256:…`) as are wanted, so that one can follow another.
public struct UserFile: Sendable, Equatable {
    /// The password of each user that has one.
    public private(set) var passwords: [String: PasswordHash] = [:]
    /// The tokens and whose they are.
    public private(set) var tokens: [(hash: TokenHash, user: String)] = []
    private var lines: [String: Int] = [:]

    /// No users.
    public init() {}

    /// Every name, in no order.
    public var users: Set<String> { Set(passwords.keys).union(tokens.map(\.user)) }

    /// Whether there is nobody.
    public var isEmpty: Bool { passwords.isEmpty && tokens.isEmpty }

    /// Reads a file's text.
    ///
    /// - Parameter file: its name, for the places of faults.
    /// - Throws: all that is wrong in it.
    public init(parsing text: String, file: String = "") throws(UserFileFaults) {
        var faults: [UserFileFault] = []
        var content = Substring(text)
        if content.hasPrefix("\u{feff}") { content.removeFirst() }
        let lines = content.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            guard let first = line.first(where: { $0 != " " && $0 != "\t" }), first != "#" else { continue }
            let position = SourcePosition(file: file, line: index + 1)
            do throws(UserFileFault.Reason) {
                try add(line: line, at: index + 1)
            } catch {
                faults.append(UserFileFault(position: position, reason: error))
            }
        }
        if !faults.isEmpty { throw UserFileFaults(faults: faults) }
    }

    /// Adds a user whose secret stands elsewhere, such as in a settings file: hashed, in the forms of this file.
    public mutating func add(_ user: String, _ hash: String) throws(UserFileFault.Reason) { try add(user, hash, at: 0) }

    /// Adds a user's token.
    public mutating func add(_ user: String, _ token: TokenHash) throws(UserFileFault.Reason) {
        guard Self.isName(user) else { throw .name }
        guard !tokens.contains(where: { $0.hash == token }) else { throw .sameToken }
        tokens.append((token, user))
    }

    private mutating func add(line: Substring, at number: Int) throws(UserFileFault.Reason) {
        guard let colon = line.firstIndex(of: ":") else { throw .noColon }
        var hash = line[line.index(after: colon)...]
        while let last = hash.last, last == " " || last == "\t" { hash.removeLast() }
        try add(String(line[..<colon]), String(hash), at: number)
    }

    private mutating func add(_ user: String, _ hash: String, at number: Int) throws(UserFileFault.Reason) {
        if hash.hasPrefix(TokenHash.prefix) {
            guard let token = TokenHash(hash) else { throw .token }
            return try add(user, token)
        }
        guard Self.isName(user) else { throw .name }
        let password: PasswordHash
        do throws(PasswordHashFault) { password = try PasswordHash(hash) } catch { throw .password(error) }
        guard passwords[user] == nil else { throw .again(line: lines[user] ?? 0) }
        passwords[user] = password
        lines[user] = number
    }

    /// RFC 7617 §2 lets no name have a colon or a control character; white space at its ends would be a slip.
    private static func isName(_ user: String) -> Bool {
        guard let first = user.utf8.first, let last = user.utf8.last, user.utf8.count <= 255 else { return false }
        return first != 0x20 && last != 0x20 && user.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f && $0 != 0x3a }
    }

    public static func == (left: UserFile, right: UserFile) -> Bool {
        left.passwords == right.passwords && left.tokens.elementsEqual(right.tokens) { $0 == $1 }
    }
}
