internal import ApusPolicy

/// Reads how a refusal is told.
enum RejectionReader {
    /// Reads one of the keys of `deny`.
    static func read(_ entry: SettingsNode.Entry, into rejection: inout Rejection, _ findings: inout Findings) {
        if entry.key == "status" {
            rejection.status = findings.value(entry.value, "status", expected: "400 to 599", status) ?? rejection.status
        } else {
            rejection.text = findings.value(
                entry.value,
                "text",
                expected: "what a refused client is told",
                PlainText.line
            )
        }
    }

    /// An error's status that Apus can answer without more to say.
    private static func status(_ text: String) throws(ValueFault) -> UInt16 {
        guard let status = UInt16(text), 400...599 ~= status else {
            throw ValueFault("\"\(text)\" is no status of a refusal; it takes 400 to 599")
        }
        // RFC 9110 §15.5.2, §15.5.8: they need a challenge.
        if status == 401 || status == 407 {
            throw ValueFault("\(status) asks for credentials; a rule that names a user does so: allow: { user: all }")
        }
        return status
    }
}
