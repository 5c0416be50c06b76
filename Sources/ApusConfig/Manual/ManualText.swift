/// Text as manual pages have it: roff with the macros of man(7).
enum ManualText {
    /// A paragraph in lines of at most 78 characters; what stands between backticks is bold.
    static func paragraph(_ text: String) -> [String] {
        HelpText.wrap(marked(text), 78).map(guarded)
    }

    /// A line that is kept as it is.
    static func line(_ text: String) -> String { guarded(escaped(text, isLiteral: true)) }

    /// What is to be typed or read literally.
    static func bold(_ text: String) -> String { "\\fB\(escaped(text, isLiteral: true))\\fP" }

    /// A text between double quotes, as an argument of a macro.
    static func argument(_ text: String) -> String {
        "\"\(escaped(text, isLiteral: false).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\(dq"))\""
    }

    private static func marked(_ text: String) -> String {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { place, part in
            place.isMultiple(of: 2) ? escaped(String(part), isLiteral: false) : bold(String(part)).joinedByHardSpaces
        }.joined()
    }

    /// What roff would take for its own; a hyphen is one that can be copied.
    private static func escaped(_ text: String, isLiteral: Bool) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\e"
            case "-": "\\-"
            case "'" where isLiteral: "\\(aq"
            case "`": "\\(ga"
            case "^": "\\(ha"
            case "~": "\\(ti"
            case _ where scalar.isASCII: String(scalar)
            default: "\\[u\(hexadecimal(scalar.value))]"
            }
        }.joined()
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// A dot or a quote at the start of a line would begin a macro.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }
}

extension String {
    /// Spaces that no line is broken at: `timeouts: { head: 5s }` stays whole.
    fileprivate var joinedByHardSpaces: String {
        split(separator: " ", omittingEmptySubsequences: false).joined(separator: "\\~")
    }
}
