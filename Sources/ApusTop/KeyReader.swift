/// A key that was pressed.
package enum Key: Sendable, Equatable {
    case character(Character)
    case up, down, pageUp, pageDown, home, end
    case enter, escape, tab, backTab, backspace
    /// Control with C: quit, as everywhere.
    case interrupt
    /// Control with L: draw anew.
    case redraw
}

/// Reads the keys of a terminal in raw mode, cut anywhere: the sequences of ECMA-48 that arrows send, and UTF-8.
package struct KeyReader: Sendable {
    private var pending: [UInt8] = []

    /// Begins with nothing.
    package init() {}

    /// Whether a sequence has begun; a lone escape is one until ``flush()``.
    package var isPending: Bool { !pending.isEmpty }

    /// Takes what was read, and answers with the keys that it completes.
    package mutating func feed(_ bytes: [UInt8]) -> [Key] {
        pending += bytes
        var keys: [Key] = []
        while !pending.isEmpty {
            guard let (count, key) = next() else { break }
            pending.removeFirst(count)
            if let key { keys.append(key) }
        }
        return keys
    }

    /// Nothing more comes for now: an escape that stands alone was the key.
    package mutating func flush() -> [Key] {
        defer { pending = [] }
        return pending.first == 0x1b ? [.escape] : []
    }

    /// How many bytes the next key takes and which it is; nil while it is not whole.
    private func next() -> (Int, Key?)? {
        switch pending[0] {
        case 0x1b: return sequence()
        case 0x03, 0x04: return (1, .interrupt)
        case 0x09: return (1, .tab)
        case 0x0c: return (1, .redraw)
        case 0x0a, 0x0d: return (1, .enter)
        case 0x08, 0x7f: return (1, .backspace)
        case ..<0x20: return (1, nil)
        case let first:
            let count = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
            guard pending.count >= count else { return nil }
            guard let text = String(validating: pending[..<count], as: UTF8.self), let character = text.first,
                text.count == 1
            else { return (1, nil) }
            return (count, .character(character))
        }
    }

    private func sequence() -> (Int, Key?)? {
        guard pending.count > 1 else { return nil }
        guard pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O") else { return (1, .escape) }
        guard let end = pending.dropFirst(2).firstIndex(where: { 0x40...0x7e ~= $0 }) else {
            return pending.count < 32 ? nil : (pending.count, nil)
        }
        let parameters = String(decoding: pending[2..<end], as: UTF8.self)
        let key: Key? =
            switch (pending[end], parameters.prefix { $0 != ";" }) {
            case (UInt8(ascii: "A"), _): .up
            case (UInt8(ascii: "B"), _): .down
            case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): .home
            case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): .end
            case (UInt8(ascii: "Z"), _): .backTab
            case (UInt8(ascii: "~"), "5"): .pageUp
            case (UInt8(ascii: "~"), "6"): .pageDown
            default: nil
            }
        return (end + 1, key)
    }
}
