public import ApusWire

/// What is said of one listener beside its address: ``ProxyConfiguration/listenerOptions``.
public struct ListenerOptions: Sendable, Hashable {
    /// The name by which rules, records and logs speak of it; nil (the default) is its address. A letter, then letters, digits, `-`, `_`
    /// and `.`, 63 bytes at most: such a text is never an address.
    public var name: String?
    /// What its clients may speak; all by default.
    public var protocols = ListenerProtocols.all
    /// The networks of balancers that begin each connection with a header of the PROXY protocol; empty by default, so that nobody may.
    ///
    /// Where one is named the header is compulsory, and nobody else is served. Such a listener is never a loopback listener: whom it
    /// serves is decided by the address that the header announces.
    public var proxyProtocol: [CIDR] = []
    /// The mode of a UNIX socket's file, 0 to 0o777; nil (the default) is 0o600. It is for paths alone.
    public var mode: UInt32?
    /// Whose a UNIX socket is; empty by default: of the user that runs.
    ///
    /// Of a path one entry, `user`, `user:group` or `:group`; of an abstract name the users that it serves beside the own one.
    public var owner: [String] = []

    /// The defaults.
    public init() {}

    /// Whether a text can be the name of a listener.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.count <= 63 else { return false }
        return text.utf8.allSatisfy { isLetter($0) || $0 &- 0x30 < 10 || "-_.".utf8.contains($0) }
    }

    /// Why a text cannot be the name of a listener; nil where it can.
    package static func whyNoName(_ text: String) -> String? {
        isName(text) ? nil : "\"\(text)\" is no name; it takes a letter, then letters, digits, - _ and ., 63 at most"
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// What does not fit between them and the listener's address, each as half a sentence.
    package func problems(on address: ListenAddress) -> [String] {
        var problems: [String] = []
        if let name, let words = Self.whyNoName(name) { problems.append(words) }
        if protocols.isEmpty { problems.append("\(address) speaks no protocol; leave protocols out for all of them") }
        if mode != nil || !owner.isEmpty {
            let key = mode != nil ? "mode" : "owner"
            problems.append("\(address) is no UNIX socket, which \(key) is for; leave it out")
        }
        return problems
    }
}

/// What the clients of a listener may speak.
public struct ListenerProtocols: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// HTTP/1: requests in absolute form, and CONNECT.
    public static let http = ListenerProtocols(rawValue: 1)
    /// SOCKS 4, 4a and 5.
    public static let socks = ListenerProtocols(rawValue: 2)
    /// All of them.
    public static let all: ListenerProtocols = [.http, .socks]
}
