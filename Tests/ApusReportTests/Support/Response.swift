/// A response taken apart, for looking at it.
struct Response {
    let statusLine: String
    let fields: [(name: String, value: String)]
    let content: [UInt8]

    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        guard let first = lines.first, !text.isEmpty else { return nil }
        statusLine = first
        content = Array(bytes[(end + 4)...])
        fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            return (parts[0].lowercased(), parts.count > 1 ? parts[1] : "")
        }
    }

    var text: String { String(decoding: content, as: UTF8.self) }

    /// The value of a field that is there exactly once.
    func field(_ name: String) -> String? {
        let found = fields.filter { $0.name == name }
        return found.count == 1 ? found.first?.value : nil
    }
}
