/// Quotes as word processors and web pages have them: to YAML they are letters like others.
enum TypographicQuotes {
    private static let marks: Set<Character> = [
        "\u{201c}", "\u{201d}", "\u{201e}", "\u{201f}", "\u{2018}", "\u{2019}", "\u{201a}", "\u{201b}", "\u{ab}",
        "\u{bb}",
    ]

    /// What stands between two of them; nil for a text that is not in such quotes.
    static func inside(_ text: String) -> String? {
        guard text.count >= 2, let first = text.first, let last = text.last, marks.contains(first), marks.contains(last)
        else {
            return nil
        }
        return String(text.dropFirst().dropLast())
    }
}
