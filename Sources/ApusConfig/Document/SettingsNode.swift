internal import ApusPolicy

/// One node of a file of settings, with the place where it stands.
struct SettingsNode: Equatable {
    /// What a node is.
    indirect enum Content: Equatable {
        /// Nothing: `key:` with nothing behind it, `~` or `null`.
        case empty
        /// What could not be read, and has been told; whoever meets it says no more.
        case faulty
        /// A text, whatever its kind: `443`, `yes`, `"a text"`.
        case scalar(String)
        /// A sequence, in order.
        case list([SettingsNode])
        /// A mapping, in order; no key is there twice.
        case mapping([Entry])
    }

    /// A key with its value.
    struct Entry: Equatable {
        let key: String
        let place: SourcePosition
        let value: SettingsNode
    }

    let place: SourcePosition
    let content: Content

    init(_ content: Content, _ place: SourcePosition) {
        self.content = content
        self.place = place
    }
}

extension SettingsNode {
    /// What it is, for messages.
    var kind: String {
        switch content {
        case .empty, .faulty: "nothing"
        case .scalar: "a text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The text of a scalar.
    var text: String? {
        if case .scalar(let text) = content { text } else { nil }
    }

    /// The value of a key, if it is a mapping that has the key.
    subscript(key: String) -> SettingsNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }
}
