import ApusWire

/// A TLS ClientHello as a test wants it, right or wrong.
struct HelloBytes {
    var version: [UInt8] = [3, 3]
    var session = [UInt8](repeating: 0x5e, count: 32)
    var suites: [UInt8] = [0x13, 0x01, 0x13, 0x02]
    var compressions: [UInt8] = [0]
    /// Nil: none at all, as before TLS 1.3.
    var extensions: [[UInt8]]? = [HelloBytes.other]

    /// Names the server as clients do, behind another extension.
    init(_ name: String? = nil) {
        if let name { extensions?.append(HelloBytes.serverName(HelloBytes.entry(name))) }
    }

    /// supported_versions, which has nothing to say here.
    static let other = item(43, [2, 3, 4])
    static let encrypted = item(0xfe0d, [0, 0, 1, 0, 1, 7] + [UInt8](repeating: 0xec, count: 200))

    static func item(_ kind: Int, _ content: [UInt8]) -> [UInt8] { number(kind) + vector(2, content) }
    static func serverName(_ entries: [UInt8]) -> [UInt8] { item(0, vector(2, entries)) }
    static func entry(_ name: String, kind: UInt8 = 0) -> [UInt8] { [kind] + vector(2, Array(name.utf8)) }
    static func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }
    static func vector(_ size: Int, _ content: [UInt8]) -> [UInt8] {
        (0..<size).reversed().map { UInt8(content.count >> (8 * $0) & 0xff) } + content
    }

    /// The handshake message.
    var message: [UInt8] {
        var body = version + [UInt8](repeating: 0x0a, count: 32) + HelloBytes.vector(1, session)
        body += HelloBytes.vector(2, suites) + HelloBytes.vector(1, compressions)
        if let extensions { body += HelloBytes.vector(2, Array(extensions.joined())) }
        return [1] + HelloBytes.vector(3, body)
    }

    /// The message in one record.
    var bytes: [UInt8] { HelloBytes.records(message, [message.count]) }

    /// A message in records of so many bytes each; the last size counts on.
    static func records(_ message: [UInt8], _ sizes: [Int], version: UInt8 = 1) -> [UInt8] {
        var all: [UInt8] = []
        var rest = message[...]
        for index in 0..<message.count where !rest.isEmpty {
            let part = rest.prefix(sizes[min(index, sizes.count - 1)])
            all += [22, 3, version] + vector(2, Array(part))
            rest = rest.dropFirst(part.count)
        }
        return all
    }
}

/// What was read, as a value that can be compared.
enum HelloSeen: Equatable {
    case incomplete
    case hello(name: String, isEncrypted: Bool)
    case notTLS
    case malformed(ClientHelloFault)

    init(_ bytes: some Collection<UInt8>, limit: Int = ClientHello.defaultLimit) {
        let bytes = Array(bytes)
        switch ClientHello.read(bytes.span, limit: limit) {
        case .incomplete: self = .incomplete
        case .notTLS: self = .notTLS
        case .malformed(let fault): self = .malformed(fault)
        case .hello(let hello): self = .hello(name: hello.name, isEncrypted: hello.isEncrypted)
        }
    }
}
