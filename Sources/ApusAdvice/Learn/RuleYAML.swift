/// Text as it is written into a policy file.
package enum RuleYAML {
    /// Words that YAML 1.1 or 1.2 takes for something else than text.
    private static let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]

    /// A value: bare where no reader of YAML could take it for anything but text, else in double quotes.
    package static func scalar(_ text: String) -> String {
        isPlain(text) ? text : "\"\(escaped(text, quotes: true))\""
    }

    /// Several values: bare if it is one, else in brackets.
    package static func list(_ texts: [String]) -> String {
        texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
    }

    /// What may stand in a comment: one line without anything that could lead a terminal or a reader astray.
    package static func comment(_ text: String) -> String { escaped(text, quotes: false) }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, isLetter(first), !reserved.contains(text.lowercased()) else {
            return false
        }
        return text.unicodeScalars.allSatisfy {
            isLetter($0) || ("0"..."9").contains($0) || "-_.@".unicodeScalars.contains($0)
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var written = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"" where quotes, "\\" where quotes: written += "\\\(scalar)"
            case " "..."~": written.unicodeScalars.append(scalar)
            case _ where scalar.properties.isAlphabetic: written.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                written += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
            }
        }
        return written
    }
}
