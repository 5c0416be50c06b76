/// A naive reader of ClientHellos: puts the message together, then cuts it up. Nil while there is no whole and sound one.
struct ReferenceHello {
    var name = ""
    var isEncrypted = false

    init?(_ bytes: [UInt8], limit: Int) {
        guard let message = ReferenceHello.message(bytes), message.count <= limit else { return nil }
        var body = Slices(message[4...])
        guard let version = body.take(34), version.first == 3 else { return nil }
        guard let session = body.vector(1), session.count <= 32 else { return nil }
        guard let suites = body.vector(2), suites.count >= 2, suites.count.isMultiple(of: 2) else { return nil }
        guard let compressions = body.vector(1), !compressions.isEmpty else { return nil }
        if body.rest.isEmpty { return }
        guard let all = body.vector(2), body.rest.isEmpty else { return nil }
        var extensions = Slices(all)
        var kinds: [Int] = []
        while !extensions.rest.isEmpty {
            guard let kind = extensions.number(2), let content = extensions.vector(2) else { return nil }
            if kind == 0 {
                guard let name = ReferenceHello.name(content) else { return nil }
                self.name = name
            }
            if kind == 0xfe0d { isEncrypted = true }
            if kind == 0 || kind == 0xfe0d, kinds.contains(kind) { return nil }
            kinds.append(kind)
        }
    }

    /// The records' contents, up to the one that ends the message.
    private static func message(_ bytes: [UInt8]) -> [UInt8]? {
        var records = Slices(bytes[...])
        var message: [UInt8] = []
        for _ in 0..<64 {
            guard let header = records.take(3).map(Array.init), header[0] == 22 else { return nil }
            // The version of the first record is ignored (RFC 8446 §5.1), as long as it is one at all.
            guard message.isEmpty ? header[1] < 16 : header[1] == 3 && (1...3).contains(header[2]) else { return nil }
            guard let part = records.vector(2), (1...16_384).contains(part.count) else { return nil }
            message += part
            guard message.first == 1 else { return nil }
            guard message.count >= 4 else { continue }
            let length = message[1...3].reduce(0) { $0 << 8 | Int($1) } + 4
            if message.count == length { return message }
            if message.count > length { return nil }
        }
        return nil
    }

    private static func name(_ content: ArraySlice<UInt8>) -> String? {
        var content = Slices(content)
        guard let list = content.vector(2), content.rest.isEmpty else { return nil }
        var entries = Slices(list)
        guard entries.number(1) == 0, let name = entries.vector(2), entries.rest.isEmpty else { return nil }
        guard name.allSatisfy({ $0 < 128 }) else { return nil }
        let text = String(decoding: name, as: UTF8.self).lowercased()
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let known = "abcdefghijklmnopqrstuvwxyz0123456789-_."
        guard text.allSatisfy({ known.contains($0) }), labels.allSatisfy({ (1...63).contains($0.utf8.count) }) else {
            return nil
        }
        return text.utf8.count <= 253 ? text : nil
    }

    private struct Slices {
        var rest: ArraySlice<UInt8>
        init(_ rest: ArraySlice<UInt8>) { self.rest = rest }

        mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func number(_ size: Int) -> Int? { take(size)?.reduce(0) { $0 << 8 | Int($1) } }
        mutating func vector(_ size: Int) -> ArraySlice<UInt8>? { number(size).flatMap { take($0) } }
    }
}
