/// Where a secret stands that settings do not hold themselves: `env:NAME`, `file:PATH`.
package enum SecretPlace: Sendable, Hashable, CustomStringConvertible {
    /// The process's environment variable of this name.
    case variable(String)
    /// The first line of a file.
    case file(String)

    /// Reads it as it is written; nil for anything else, which may be the secret itself.
    package init?(parsing text: String) {
        if text.hasPrefix("env:") {
            let name = text.dropFirst(4)
            guard let first = name.utf8.first, first &- 0x30 >= 10,
                name.utf8.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x5f })
            else { return nil }
            self = .variable(String(name))
        } else if text.hasPrefix("file:"), text.utf8.count > 5 {
            self = .file(String(text.dropFirst(5)))
        } else {
            return nil
        }
    }

    /// As it is written.
    package var description: String {
        switch self {
        case .variable(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        }
    }
}
