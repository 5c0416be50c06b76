internal import ApusPolicy

/// Reads `users`, `tokens` and `jwt`. No message repeats a secret.
struct CredentialsReader {
    let file: String

    private static let hint = "make one with apus hash-password"

    /// `{ file: users.htpasswd }`, or names with hashes.
    func users(_ node: SettingsNode, _ findings: inout Findings) -> UserSource? {
        let expected = "{ file: users.htpasswd }, or names with hashes"
        let entries = findings.entries(node, "users", expected: expected)
        if entries.isEmpty {
            if case .mapping = node.content { findings.fault(node.place, "users says nothing; it takes \(expected)") }
            return nil
        }
        if let entry = entries.first(where: { $0.key == "file" }), entry.value.text?.hasPrefix("$") != true {
            for other in entries where other.key != "file" {
                findings.fault(
                    other.place,
                    "users has a file, and \(other.key) beside it; write all users in one place"
                )
            }
            guard let path = path(entry.value, "users.file", "users.htpasswd", &findings) else { return nil }
            return .file(path, place: entry.value.place)
        }
        if entries.count == 1, let entry = entries.first,
            ["htpasswd", "path", "passwd", "filename"].contains(entry.key),
            entry.value.text?.hasPrefix("$") != true
        {
            findings.fault(
                entry.place,
                "users has no key \(entry.key); did you mean file? A user of that name needs a hash: \(Self.hint)"
            )
            return nil
        }
        var users: [UserSource.Entry] = []
        for entry in entries {
            let name = findings.value(entry.place, entry.key, of: "users", UserPatternText.name)
            let hash = findings.value(
                entry.value,
                entry.key,
                expected: "the hash of a password; \(Self.hint)",
                Self.hash
            )
            if let name, let hash { users.append(.init(name: name, hash: hash, place: entry.value.place)) }
        }
        return .inline(users)
    }

    /// What libxcrypt calls strong: yescrypt, bcrypt, SHA-crypt (crypt(5)).
    private static func hash(_ text: String) throws(ValueFault) -> String {
        if text.hasPrefix("$apr1$") || text.hasPrefix("$1$") {
            throw ValueFault("this is a hash by MD5, which is too weak; \(hint)")
        }
        if text.hasPrefix("{") { throw ValueFault("this is a hash of a kind that is not taken; \(hint)") }
        let kinds = ["$y$", "$2a$", "$2b$", "$2y$", "$5$", "$6$"]
        guard let kind = kinds.first(where: text.hasPrefix) else {
            throw ValueFault(
                text.hasPrefix("$")
                    ? "this is a hash of a kind that is not taken; \(hint)"
                    : "this is no hash, and passwords are not taken in the clear; \(hint)"
            )
        }
        let isShaped = text.utf8.allSatisfy { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: ":") }
        guard isShaped, kind.hasPrefix("$2") ? text.utf8.count == 60 : text.utf8.count >= 40 else {
            throw ValueFault("this hash is cut short or has characters that no hash has; \(hint)")
        }
        return text
    }

    /// Names with SHA-256 digests of tokens, one or several.
    func tokens(_ node: SettingsNode, _ findings: inout Findings) -> [TokenEntry] {
        var tokens: [TokenEntry] = []
        for entry in findings.entries(node, "tokens", expected: "names with digests, as { ci-bot: \"sha256:…\" }") {
            guard let name = findings.value(entry.place, entry.key, of: "tokens", UserPatternText.name) else {
                continue
            }
            for item in findings.items(entry.value, entry.key, expected: "sha256: and the digest of a token") {
                let digest = findings.value(item.place, item.text, of: name, Self.digest)
                if let digest { tokens.append(.init(user: name, digest: digest, place: item.place)) }
            }
        }
        return tokens
    }

    private static func digest(_ text: String) throws(ValueFault) -> [UInt8] {
        guard text.hasPrefix("sha256:") else {
            throw ValueFault(
                "tokens are not taken in the clear; write sha256: and what printf %s TOKEN | sha256sum says"
            )
        }
        let digits = text.dropFirst(7).compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard text.utf8.count == 71, digits.count == 64 else {
            throw ValueFault("a SHA-256 has 64 hexadecimal digits; this has \(text.utf8.count - 7) characters")
        }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    private static let issuerKeys = ["keys", "issuer", "audience", "user-claim", "groups-claim"]

    /// `{ keys: jwks.json, issuer: …, audience: …, user-claim: sub, groups-claim: groups }`.
    func issuer(_ node: SettingsNode, _ findings: inout Findings) -> TokenIssuer? {
        let expected = "{ keys: jwks.json, issuer: https://idp.example, audience: apus }"
        let entries = findings.entries(node, "jwt", expected: expected)
        var issuer = TokenIssuer(keys: "", place: node.place)
        for entry in entries {
            let node = entry.value
            switch entry.key {
            case "keys":
                issuer.keys = path(node, "jwt.keys", "jwks.json", &findings) ?? ""
                issuer.place = node.place
            case "issuer":
                issuer.issuer = findings.value(node, "issuer", expected: "what iss must be", PlainText.line)
            case "audience":
                issuer.audiences = findings.values(
                    node,
                    "audience",
                    expected: "what aud must name",
                    byCommas: false,
                    PlainText.line
                )
            case "user-claim":
                issuer.userClaim =
                    findings.value(node, "user-claim", expected: "a claim's name", PlainText.line) ?? "sub"
            case "groups-claim":
                issuer.groupsClaim =
                    findings.value(node, "groups-claim", expected: "a claim's name", PlainText.line) ?? "groups"
            default: findings.unknown(entry, in: "jwt", among: Self.issuerKeys)
            }
        }
        guard case .mapping = node.content else { return nil }
        if node["keys"] == nil { findings.fault(node.place, "jwt has no keys; it takes \(expected)") }
        // RFC 8725 §3.8, §3.9.
        for key in ["issuer", "audience"] where node[key] == nil {
            findings.warn(node.place, "jwt has no \(key): tokens that were made for others are taken too")
        }
        return issuer
    }

    private func path(_ node: SettingsNode, _ key: String, _ example: String, _ findings: inout Findings) -> String? {
        findings.text(node, key, expected: "a path, as \(example)").map { FilePath.resolve($0, beside: file) }
    }
}
