import ApusWire

extension LocalReply {
    /// Appends a small page.
    func writeHTML(into bytes: inout [UInt8]) {
        AnswerPage.begin(title: "\(status) \(title)", into: &bytes)
        if let refuser { AnswerPage.paragraph(refuser, into: &bytes) }
        AnswerPage.paragraph(sentence, into: &bytes)
        if let hint { AnswerPage.paragraph(hint, into: &bytes) }
        if let contact { AnswerPage.paragraph("Ask \(contact).", into: &bytes) }
        var notes: [String] = []
        if let rule { notes.append("Rule: \(rule)") }
        if let error { notes.append("Reason: \(error.token)") }
        if let idText { notes.append("Decision: \(idText)") }
        if !notes.isEmpty {
            bytes.write(text: "<p class=\"n\">")
            TextEscape.html.write(notes.joined(separator: " · "), into: &bytes)
            bytes.write(text: "</p>\n")
        }
        AnswerPage.end(into: &bytes)
    }

    /// Who refuses, where the sentence is an operator's own and does not say so: who reads it in place of a site would ask the site.
    private var refuser: String? {
        guard rule != nil, error == .httpRequestDenied, !sentence.contains("proxy") else { return nil }
        return "A proxy on the way to the site refuses this; the site was not asked."
    }
}
