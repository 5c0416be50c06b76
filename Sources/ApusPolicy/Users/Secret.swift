/// A password or a token. It shows itself in no log, no description and no debugger's summary; whoever needs it asks for
/// ``bytes``.
public struct Secret: Sendable, Hashable {
    /// What it is.
    public let bytes: [UInt8]

    /// Makes a secret of bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Makes a secret of text, as UTF-8.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// Whether two secrets are the same, in a time that depends on their lengths alone (CWE-208).
    public static func == (left: Secret, right: Secret) -> Bool { areEqual(left.bytes, right.bytes) }

    /// Compares in a time that depends on the lengths alone.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for i in left.indices { difference |= left[i] ^ right[i] }
        return difference == 0
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Nothing of it.
    public var description: String { "(hidden)" }
    /// Nothing of it.
    public var debugDescription: String { description }
    /// Nothing of it.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
