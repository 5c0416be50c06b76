/// Why a text is no value of its kind: what was expected, and one that would do.
package struct ValueFault: Error, Equatable {
    /// What is wrong and what is expected, as half a sentence.
    package let message: String

    package init(_ message: String) { self.message = message }
}
