extension StringProtocol {
    /// Without the spaces in front and behind.
    var trimmed: SubSequence {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return text
    }

    /// The items between commas, without the spaces around them.
    var items: [String] {
        split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
    }
}
