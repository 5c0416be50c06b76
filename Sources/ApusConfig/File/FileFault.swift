package import ApusPolicy

/// One thing that is wrong in a file of settings, or deserves a word: where, what, and what would be right.
package struct FileFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, the line and the column; no line where the file itself is meant.
    package let place: SourcePosition
    /// What is wrong and what is expected, as half a sentence.
    package let message: String

    package init(_ place: SourcePosition, _ message: String) {
        self.place = place
        self.message = message
    }

    /// Whether it stands in front of another in the same file.
    static func inOrder(_ left: FileFault, _ right: FileFault) -> Bool {
        (left.place.line, left.place.column) < (right.place.line, right.place.column)
    }

    /// `apus.yaml:12:5: what is wrong; what is expected`.
    package var description: String { place == SourcePosition() ? message : "\(place): \(message)" }
}
