public import ApusWire

/// What is said to a parent: who is to be reached, and who asks.
public struct ParentMessage: Sendable {
    /// The messages of a handshake.
    public enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// CONNECT, with credentials where there are any.
        case connect
        /// The methods of proving oneself that SOCKS is offered (RFC 1928 §3).
        case greeting
        /// User and password (RFC 1929 §2).
        case credentials
        /// The CONNECT of SOCKS (RFC 1928 §4).
        case request
    }

    /// User and password for a parent; nil where it asks for none.
    private let user: [UInt8]?
    private let password: [UInt8]
    /// `Proxy-Authorization: Basic …` with its line end; empty without credentials.
    private let authorization: [UInt8]
    /// This proxy's own name in Via (RFC 9110 §7.6.3).
    private let pseudonym: [UInt8]

    /// What is the same in all messages to a parent.
    ///
    /// - Parameters:
    ///   - user: at most 255 bytes, as the password: SOCKS has no room for more.
    ///   - pseudonym: this proxy's name in Via, a token.
    public init(user: [UInt8]?, password: [UInt8], pseudonym: [UInt8]) {
        self.user = user
        self.password = password
        self.pseudonym = pseudonym
        guard let user else {
            authorization = []
            return
        }
        let proof = Base64.encode(user + [Ascii.colon] + password)
        authorization = Array("Proxy-Authorization: Basic ".utf8) + proof + [Ascii.cr, Ascii.lf]
    }

    /// Whether there are credentials.
    public var provesItself: Bool { user != nil }

    /// A message of a handshake.
    ///
    /// - Parameters:
    ///   - host: the name or address to be reached: normalised, an address without brackets.
    ///   - address: the same, where it is one.
    public func bytes(_ kind: Kind, to host: Span<UInt8>, _ address: IPAddress?, port: UInt16) -> [UInt8] {
        switch kind {
        case .connect: return connect(host, address, port)
        case .greeting: return provesItself ? [5, 2, 0, 2] : [5, 1, 0]
        case .credentials: return credentials()
        case .request: return request(host, address, port)
        }
    }

    /// The head of a plain request for a proxy: the target in absolute form (RFC 9112 §3.2.2), this proxy's credentials at its end.
    ///
    /// - Parameters:
    ///   - head: as it goes to an origin: target in origin-form, every line ends in CRLF, the empty one included.
    ///   - method: how long its method is.
    public func absolute(
        _ head: Span<UInt8>,
        method: Int,
        to host: Span<UInt8>,
        _ address: IPAddress?,
        port: UInt16
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(head.count + host.count + authorization.count + 16)
        for index in 0...method { bytes.append(head[index]) }
        bytes.write(text: "http://")
        ParentMessage.write(host, address, to: &bytes)
        if port != 80 {
            bytes.append(Ascii.colon)
            bytes.write(decimal: port)
        }
        // OPTIONS * has no path in this form (RFC 9112 §3.2.4).
        var start = method + 1
        if head[start] == Ascii.asterisk { start += 1 }
        for index in start..<head.count - 2 { bytes.append(head[index]) }
        bytes += authorization
        bytes.append(Ascii.cr)
        bytes.append(Ascii.lf)
        return bytes
    }

    private func connect(_ host: Span<UInt8>, _ address: IPAddress?, _ port: UInt16) -> [UInt8] {
        var target: [UInt8] = []
        ParentMessage.write(host, address, to: &target)
        target.append(Ascii.colon)
        target.write(decimal: port)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * target.count + authorization.count + pseudonym.count + 64)
        bytes.write(text: "CONNECT ")
        bytes += target
        bytes.write(text: " HTTP/1.1\r\nHost: ")
        bytes += target
        bytes.write(text: "\r\nVia: 1.1 ")
        bytes += pseudonym
        bytes.write(text: "\r\n")
        bytes += authorization
        bytes.write(text: "\r\n")
        return bytes
    }

    private func credentials() -> [UInt8] {
        let (user, password) = ((user ?? []).prefix(255), password.prefix(255))
        return [1, UInt8(user.count)] + user + [UInt8(password.count)] + password
    }

    private func request(_ host: Span<UInt8>, _ address: IPAddress?, _ port: UInt16) -> [UInt8] {
        var bytes: [UInt8] = [5, 1, 0]
        switch address.map(\.unmapped) {
        case let address? where address.family == .v4:
            bytes.append(1)
            ParentMessage.append(address.low, 4, to: &bytes)
        case let address?:
            bytes.append(4)
            ParentMessage.append(address.high, 8, to: &bytes)
            ParentMessage.append(address.low, 8, to: &bytes)
        case nil:
            // A name has at most 253 bytes.
            bytes += [3, UInt8(truncatingIfNeeded: min(host.count, 255))]
            for index in 0..<min(host.count, 255) { bytes.append(host[index]) }
        }
        ParentMessage.append(UInt64(port), 2, to: &bytes)
        return bytes
    }

    /// A host as a target names it: IPv6 in brackets (RFC 3986 §3.2.2).
    private static func write(_ host: Span<UInt8>, _ address: IPAddress?, to bytes: inout [UInt8]) {
        guard let address else {
            for index in host.indices { bytes.append(host[index]) }
            return
        }
        if address.family == .v6 { bytes.append(Ascii.leftBracket) }
        address.write(to: &bytes)
        if address.family == .v6 { bytes.append(Ascii.rightBracket) }
    }

    /// The lowest bytes of a number, in network order.
    private static func append(_ number: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        for place in stride(from: count - 1, through: 0, by: -1) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place)))
        }
    }
}
