import ApusWire

extension LocalReply {
    /// Appends the plain text, for a terminal: control characters are made visible.
    func writeText(into bytes: inout [UInt8]) {
        bytes.write(decimal: status)
        bytes.append(0x20)
        line(title, into: &bytes)
        line(sentence, into: &bytes)
        if let hint { line(hint, into: &bytes) }
        if let contact { line("Ask \(contact).", into: &bytes) }
        if let rule { line("Rule: \(rule)", into: &bytes) }
        if let error { line("Reason: \(error.token)", into: &bytes) }
        if let idText { line("Decision: \(idText)", into: &bytes) }
    }

    private func line(_ text: String, into bytes: inout [UInt8]) {
        TextEscape.sentence.write(text, into: &bytes)
        bytes.append(0x0a)
    }
}
