/// The token that whoever asks the admin listener has to show: the first line of a file.
package enum AdminToken {
    /// No token is longer, in bytes.
    package static let longest = 4096

    /// What is wrong with a file that has none, as half a sentence.
    package static let missing = "its first line must be the token, of 1 to \(longest) bytes of UTF-8"

    /// The token in a file's bytes, without white space around it; nil if there is none.
    package static func parse(_ bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var line = text.split(whereSeparator: \.isNewline).first ?? ""
        while line.first?.isWhitespace == true { line.removeFirst() }
        while line.last?.isWhitespace == true { line.removeLast() }
        return 1...longest ~= line.utf8.count ? String(line) : nil
    }
}
