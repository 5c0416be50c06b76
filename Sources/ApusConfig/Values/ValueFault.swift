/// Why a text is no value of its kind: what was expected, and one that would do.
package struct ValueFault: Error, Equatable {
    /// What is wrong and what is expected, as half a sentence.
    package let message: String
    /// Whether it says what to write for just this text: an example of the setting would but lead away from that.
    package let saysWhatToWrite: Bool

    package init(_ message: String, saysWhatToWrite: Bool = false) {
        self.message = message
        self.saysWhatToWrite = saysWhatToWrite
    }
}
