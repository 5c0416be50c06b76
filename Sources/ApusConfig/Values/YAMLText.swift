/// Texts as YAML reads them back.
package enum YAMLText {
    /// The text as a scalar, in double quotes where a plain one would be read as something else.
    package static func scalar(_ text: String) -> String {
        let words = ["", "~", "null", "Null", "NULL"]
        let isPlain =
            !words.contains(text)
            && text.utf8.allSatisfy { byte in
                (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
                    || "-._/:+ ".utf8.contains(byte)
            }
            && text.first.map { !"-:. ".contains($0) } ?? false && text.last.map { !": ".contains($0) } ?? false
            && !text.contains(": ") && !text.contains(" #")
        return isPlain ? text : quoted(text)
    }

    /// In double quotes.
    package static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": output += "\\\(scalar)"
            case "\n": output += "\\n"
            case "\t": output += "\\t"
            default:
                if scalar.properties.generalCategory == .control {
                    let code = String(scalar.value, radix: 16)
                    output += "\\x" + String(repeating: "0", count: 2 - min(2, code.count)) + code
                } else {
                    output.unicodeScalars.append(scalar)
                }
            }
        }
        return output + "\""
    }

    /// The texts as a list in one line.
    package static func list(_ texts: [String]) -> String {
        "[" + texts.map { scalar($0) }.joined(separator: ", ") + "]"
    }
}
