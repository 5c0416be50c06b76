internal import CApusYaml

/// A text as libyaml reads it, event by event: the only place here that touches memory by pointers.
@safe struct YamlEvents: ~Copyable {
    /// How deep lists and mappings may be nested.
    static let deepest = Int(APUS_YAML_DEPTH)

    private let parser: OpaquePointer

    /// Reads a text from its beginning.
    init(_ text: String) throws(YamlFault) {
        let bytes = Array(text.utf8)
        guard let parser = unsafe apus_yaml_open(bytes, bytes.count) else {
            throw YamlFault(kind: .noMemory, problem: "", line: 1, column: 1, opened: nil)
        }
        unsafe self.parser = parser
    }

    deinit { unsafe apus_yaml_close(parser) }

    /// The next event; behind the end there is the end again, behind a fault the fault.
    mutating func next() throws(YamlFault) -> YamlEvent {
        let told = unsafe apus_yaml_next(parser)
        let line = Int(told.line)
        let column = Int(told.column)
        guard let kind = kind(told) else {
            throw YamlFault(
                kind: Self.kind(ofFault: told.kind),
                problem: text(APUS_YAML_PROBLEM, told.counts.3) ?? "",
                line: line,
                column: column,
                opened: told.context_line == 0 ? nil : (Int(told.context_line), Int(told.context_column))
            )
        }
        return YamlEvent(
            kind: kind,
            anchor: text(APUS_YAML_ANCHOR, told.counts.1),
            tag: text(APUS_YAML_TAG, told.counts.2),
            line: line,
            column: column
        )
    }

    private func kind(_ told: apus_yaml_event) -> YamlEvent.Kind? {
        switch Int(told.kind) {
        case APUS_YAML_END: .end
        case APUS_YAML_DOCUMENT: .document
        case APUS_YAML_DOCUMENT_END: .documentEnd
        case APUS_YAML_ALIAS: .alias
        case APUS_YAML_SCALAR: .scalar(text(APUS_YAML_VALUE, told.counts.0) ?? "", isPlain: told.is_plain != 0)
        case APUS_YAML_SEQUENCE: .list
        case APUS_YAML_SEQUENCE_END: .listEnd
        case APUS_YAML_MAPPING: .mapping
        case APUS_YAML_MAPPING_END: .mappingEnd
        default: nil
        }
    }

    private static func kind(ofFault number: Int32) -> YamlFault.Kind {
        switch Int(number) {
        case APUS_YAML_UNREADABLE: .unreadable
        case APUS_YAML_TOO_DEEP: .tooDeep
        case APUS_YAML_NO_MEMORY: .noMemory
        default: .unparsable
        }
    }

    /// A text of the last event; nil if it has none.
    private func text(_ number: Int, _ count: Int) -> String? {
        guard UInt(bitPattern: count) != .max else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe apus_yaml_copy(parser, Int32(number), &bytes, count)
        return String(decoding: bytes, as: UTF8.self)
    }
}
