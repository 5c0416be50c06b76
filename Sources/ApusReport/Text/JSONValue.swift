import ApusWire

/// A value of JSON (RFC 8259), read strictly: no name twice in an object, nothing behind the value, UTF-8 only.
package enum JSONValue: Sendable, Equatable {
    case null
    case truth(Bool)
    /// A number as it is written.
    case number(String)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Reads the value that is all of the bytes, white space around it aside.
    ///
    /// - Parameter depth: how deep objects and arrays may lie in each other.
    /// - Returns: nil if it is malformed or deeper.
    package static func parse(_ bytes: Span<UInt8>, depth: Int = 16) -> JSONValue? {
        var reader = FlatJSON()
        guard let value = reader.nested(bytes, depth: depth) else { return nil }
        reader.skipSpace(bytes)
        return reader.at == bytes.count ? value : nil
    }

    /// A member of an object; nil for any other value, and for one that is not there.
    package subscript(_ name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The string.
    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The number, if it is a whole one.
    package var whole: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }

    /// The number.
    package var double: Double? {
        if case .number(let text) = self { Double(text) } else { nil }
    }

    /// The truth.
    package var truth: Bool? {
        if case .truth(let truth) = self { truth } else { nil }
    }

    /// The elements; none if it is no array.
    package var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }
}

extension FlatJSON {
    fileprivate mutating func nested(_ bytes: Span<UInt8>, depth: Int) -> JSONValue? {
        if take(bytes, UInt8(ascii: "{")) { return depth > 0 ? members(bytes, depth: depth - 1) : nil }
        if take(bytes, Ascii.leftBracket) { return depth > 0 ? elements(bytes, depth: depth - 1) : nil }
        return switch value(bytes) {
        case .text(let text): .text(text)
        case .number(let text): .number(text)
        case .truth(let truth): .truth(truth)
        case .null: .null
        case nil: nil
        }
    }

    private mutating func members(_ bytes: Span<UInt8>, depth: Int) -> JSONValue? {
        var members: [String: JSONValue] = [:]
        if take(bytes, UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace(bytes)
            guard let name = string(bytes), take(bytes, Ascii.colon), let value = nested(bytes, depth: depth),
                members.updateValue(value, forKey: name) == nil
            else { return nil }
        } while take(bytes, Ascii.comma)
        return take(bytes, UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func elements(_ bytes: Span<UInt8>, depth: Int) -> JSONValue? {
        var elements: [JSONValue] = []
        if take(bytes, Ascii.rightBracket) { return .array(elements) }
        repeat {
            guard let value = nested(bytes, depth: depth) else { return nil }
            elements.append(value)
        } while take(bytes, Ascii.comma)
        return take(bytes, Ascii.rightBracket) ? .array(elements) : nil
    }
}
