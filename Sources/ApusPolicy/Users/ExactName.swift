/// A name that only the same bytes are the same as: to `String`, what Unicode holds canonically equivalent is equal, and so the
/// rights of one account would be another one's.
package struct ExactName: Sendable, Hashable, Comparable {
    /// The name.
    package let text: String

    /// Takes a name as it is.
    package init(_ text: String) { self.text = text }

    package static func == (left: ExactName, right: ExactName) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    package static func < (left: ExactName, right: ExactName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
