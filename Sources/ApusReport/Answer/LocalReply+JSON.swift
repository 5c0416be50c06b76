import ApusWire

extension LocalReply {
    /// Appends a problem document (RFC 9457): `title`, `status`, `detail`, and as extensions `hint`, `rule`, `contact`, `proxy_error` (the
    /// RFC 9209 type) and `decision_id`. Its `type` is left out, which means `about:blank`.
    func writeJSON(into bytes: inout [UInt8]) {
        bytes.write(text: "{\"title\":\"")
        TextEscape.json.write(title, into: &bytes)
        bytes.write(text: "\",\"status\":")
        bytes.write(decimal: status)
        member("detail", sentence, into: &bytes)
        if let hint { member("hint", hint, into: &bytes) }
        if let rule { member("rule", rule, into: &bytes) }
        if let contact { member("contact", contact, into: &bytes) }
        if let error { member("proxy_error", error.token.description, into: &bytes) }
        if let idText { member("decision_id", idText, into: &bytes) }
        bytes.write(text: "}\n")
    }

    private func member(_ name: String, _ value: String, into bytes: inout [UInt8]) {
        bytes.write(text: ",\"\(name)\":\"")
        TextEscape.json.write(value, into: &bytes)
        bytes.append(0x22)
    }
}
