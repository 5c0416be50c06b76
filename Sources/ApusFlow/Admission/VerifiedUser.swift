package import ApusPolicy

/// A user whose credentials were found to be valid, as an authenticator names them.
package struct VerifiedUser: Sendable, Equatable {
    /// The name.
    package let name: String
    /// The groups that the authenticator knows of.
    package let groups: [String]
    /// The name's bytes, for log lines.
    package let bytes: [UInt8]
    /// The groups' bytes with commas between them, for the recorder.
    package let groupBytes: [UInt8]
    /// The name as limits count by it.
    package let digest: UserDigest
    /// Whether a log line needs the name alone, and no escape for it.
    package let isPlain: Bool

    /// Makes a user.
    package init(_ name: String, groups: [String] = []) {
        self.name = name
        self.groups = groups
        let bytes = Array(name.utf8)
        self.bytes = bytes
        groupBytes = Array(groups.joined(separator: ",").utf8)
        digest = UserDigest(bytes.span)
        isPlain = groups.isEmpty && bytes.allSatisfy { 0x20...0x7e ~= $0 && $0 != 0x22 && $0 != 0x5c }
    }
}
