internal import ApusPolicy
internal import CApusCrypt

/// crypt(3) of the system's libxcrypt: the only place here that touches memory by pointers.
enum Crypt {
    /// What came of a comparison.
    enum Outcome: Sendable, Equatable {
        case right
        case wrong
        /// It could not be hashed: the error number.
        case failed(Int32)
    }

    /// Whether a password hashes to this text; takes as long as the hash costs.
    static func verify(_ password: Secret, _ hash: String) -> Outcome {
        // A NUL would end the password for C, and what stands before it could be right.
        guard !password.bytes.contains(0) else { return .wrong }
        switch unsafe apus_crypt_verify(password.bytes, password.bytes.count, hash) {
        case 1: return .right
        case 0: return .wrong
        case let code: return .failed(-code)
        }
    }

    /// Hashes a password with new salt.
    ///
    /// - Parameters:
    ///   - prefix: the kind, as `$y$`.
    ///   - cost: as the kind counts it; 0 for the usual one.
    static func hash(_ password: Secret, prefix: String, cost: UInt = 0) -> String? {
        guard !password.bytes.contains(0) else { return nil }
        var text = [CChar](repeating: 0, count: Int(APUS_CRYPT_TEXT))
        let (bytes, capacity) = (password.bytes, text.count)
        guard unsafe apus_crypt_hash(bytes, bytes.count, prefix, cost, &text, capacity) == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A line of standard input without its end, without echo where that is a terminal; nil at its end or when it is longer than
    /// any password.
    static func readLine() -> [UInt8]? {
        var line = [UInt8](repeating: 0, count: Int(APUS_CRYPT_PASSWORD) + 1)
        let capacity = line.count
        let count = unsafe apus_crypt_read_line(0, &line, capacity)
        return count >= 0 ? Array(line[..<count]) : nil
    }

    /// Has this thread give way to others.
    static func beNice() { apus_crypt_be_nice() }
}
