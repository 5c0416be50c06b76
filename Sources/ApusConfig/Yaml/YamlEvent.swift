/// What stands next in a text of YAML, and where.
struct YamlEvent {
    enum Kind: Equatable {
        case document, documentEnd, end
        /// A text; a plain one stands without quotes and is no block.
        case scalar(String, isPlain: Bool)
        /// `*name`; the anchor is its name.
        case alias
        case list, listEnd
        case mapping, mappingEnd
    }

    let kind: Kind
    /// The name behind `&`.
    let anchor: String?
    /// What is behind `!`, in full; nil where there is none.
    let tag: String?
    /// From 1.
    let line: Int
    /// From 1, in characters.
    let column: Int
}

/// Why a text is no YAML.
struct YamlFault: Error {
    enum Kind {
        /// Its bytes are no text.
        case unreadable
        case unparsable
        /// Lists and mappings are nested deeper than ``YamlEvents/deepest``.
        case tooDeep
        case noMemory
        /// It is one, and behind it is another.
        case secondDocument
    }

    let kind: Kind
    /// In libyaml's words.
    let problem: String
    /// Where it was noticed, from 1.
    let line: Int
    let column: Int
    /// Where that began which has the fault, if it is known.
    let opened: (line: Int, column: Int)?
}
