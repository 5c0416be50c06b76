import ApusWire

extension LocalReply {
    /// Appends a small page.
    func writeHTML(into bytes: inout [UInt8]) {
        AnswerPage.begin(title: "\(status) \(title)", into: &bytes)
        if let refuser { AnswerPage.paragraph(refuser, into: &bytes) }
        AnswerPage.paragraph(sentence, into: &bytes)
        if let hint { AnswerPage.paragraph(hint, into: &bytes) }
        if let asking { AnswerPage.paragraph(asking, into: &bytes) }
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

    /// That a proxy refuses, and what: who reads it in place of a site would ask the site.
    private var refuser: String? {
        guard isRefusal else { return nil }
        guard let host, !host.isEmpty else {
            return "A proxy on the way to the site refuses this; the site was not asked."
        }
        return "This proxy does not let you reach \(host); nobody there was asked."
    }

    /// Whether it says no to the request itself, not to how often or by whom it comes.
    private var isRefusal: Bool {
        (error == .httpRequestDenied || error == .destinationIPProhibited) && status != 429 && status != 407
    }

    /// Whom to ask, where the policy names nobody.
    private var asking: String? {
        if let contact { return "Ask \(contact)." }
        return isRefusal && hint == nil && id != nil
            ? "Ask whoever runs this proxy, with the number of the decision." : nil
    }
}
