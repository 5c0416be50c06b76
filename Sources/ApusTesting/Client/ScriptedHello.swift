/// A TLS ClientHello (RFC 8446 §4.1.2) that a ``RawClient`` sends through a tunnel, as bare as it may be.
///
/// ```swift
/// try client.send(ScriptedHello("example.org").bytes)
/// ```
public struct ScriptedHello: Sendable {
    /// The host that it names; nil for none.
    public var name: String?
    /// Whether it bears an encrypted ClientHello, which means nothing (RFC 9849 §6.2).
    public var isEncrypted = false
    /// How many bytes of padding it bears (RFC 7685), to make it large.
    public var padding = 0

    /// A ClientHello for this host.
    public init(_ name: String?) { self.name = name }

    /// In one record.
    public var bytes: [UInt8] { records([.max]) }

    /// In records of so many bytes each; the last size counts on.
    public func records(_ sizes: [Int]) -> [UInt8] {
        var all: [UInt8] = []
        var rest = message[...]
        var index = 0
        while !rest.isEmpty {
            let part = rest.prefix(min(sizes[min(index, sizes.count - 1)], 1 << 14))
            all += [22, 3, 1] + vector(2, part)
            rest = rest.dropFirst(part.count)
            index += 1
        }
        return all
    }

    private var message: [UInt8] {
        // supported_versions: TLS 1.3
        var extensions: [UInt8] = [0, 43, 0, 3, 2, 3, 4]
        if let name { extensions += [0, 0] + vector(2, vector(2, [0] + vector(2, Array(name.utf8)))) }
        if isEncrypted { extensions += [0xfe, 0x0d] + vector(2, [0, 0, 1, 0, 1, 7, 0, 0, 0, 1, 0xec]) }
        if padding > 0 { extensions += [0, 21] + vector(2, [UInt8](repeating: 0, count: padding)) }
        let random = [UInt8](repeating: 0xaa, count: 32)
        // TLS_AES_128_GCM_SHA256, no compression
        let body =
            [3, 3] + random + vector(1, random) + vector(2, [0x13, 0x01]) + vector(1, [0]) + vector(2, extensions)
        return [1] + vector(3, body)
    }

    private func vector(_ size: Int, _ content: some Collection<UInt8>) -> [UInt8] {
        (0..<size).reversed().map { UInt8(content.count >> (8 * $0) & 0xff) } + content
    }
}
