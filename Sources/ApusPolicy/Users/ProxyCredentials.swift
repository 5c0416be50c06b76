import ApusWire

/// What a client shows in Proxy-Authorization (RFC 9110 §11.7.2), parsed.
public enum ProxyCredentials: Sendable, Hashable {
    /// A user's name and password (RFC 7617).
    case basic(user: String, password: Secret)
    /// A token (RFC 6750 §2.1).
    case bearer(Secret)
}

/// Names and passwords are the same only where all their bytes are.
extension ProxyCredentials {
    public static func == (left: ProxyCredentials, right: ProxyCredentials) -> Bool {
        switch (left, right) {
        case (.basic(let user, let password), .basic(let other, let second)):
            user.utf8.elementsEqual(other.utf8) && password == second
        case (.bearer(let token), .bearer(let other)): token == other
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .basic(let user, let password):
            hasher.combine(ExactName(user))
            hasher.combine(password)
        case .bearer(let token): hasher.combine(token)
        }
    }
}

/// Why a Proxy-Authorization field holds no credentials that can be judged.
public enum CredentialsFault: Error, Sendable, Hashable {
    /// The scheme is neither Basic nor Bearer.
    case otherScheme
    /// It is not written as its scheme asks.
    case malformed
    /// The name or the password holds a control character, which RFC 7617 §2 lets neither have.
    case controlCharacter
}

extension ProxyCredentials {
    /// Parses a field's value: a scheme in any case, one space or more, and what the scheme asks for (RFC 9110 §11.4).
    ///
    /// Basic is canonical base64, split at the first colon (RFC 7617 §2). Its content is UTF-8 (§2.1), or else what older clients
    /// send, ISO-8859-1, which is made UTF-8 before anything looks at it. Bearer is a b64token (RFC 6750 §2.1).
    ///
    /// - Parameter range: the value in `bytes`, without the white space around it.
    public init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(CredentialsFault) {
        try self.init(bytes, CredentialsText(bytes, range))
    }

    /// Decodes what was found.
    package init(_ bytes: Span<UInt8>, _ text: CredentialsText) throws(CredentialsFault) {
        switch text.scheme {
        case .basic: self = try Self.basic(bytes, text.range)
        case .bearer:
            guard Self.isToken68(bytes, text.range) else { throw .malformed }
            var token: [UInt8] = []
            for i in text.range { token.append(bytes[i]) }
            self = .bearer(Secret(token))
        }
    }

    /// A user's name and password that stand in the bytes as they are (RFC 1929), in UTF-8 or ISO-8859-1.
    ///
    /// A name with a colon is nobody's: Basic could not say it (RFC 7617 §2), and a user is the same by every door.
    package init(_ bytes: Span<UInt8>, user: Range<Int>, password: Range<Int>) throws(CredentialsFault) {
        let name = try Self.text(user.map { bytes[$0] })
        guard !name.contains(Ascii.colon) else { throw .malformed }
        let secret = try Self.text(password.map { bytes[$0] })
        self = .basic(user: String(decoding: name, as: UTF8.self), password: Secret(secret))
    }

    private static func text(_ sent: [UInt8]) throws(CredentialsFault) -> [UInt8] {
        let text = String(validating: sent, as: UTF8.self) == nil ? utf8(latin1: sent) : sent
        guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { throw .controlCharacter }
        return text
    }

    private static func basic(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(CredentialsFault) -> ProxyCredentials {
        guard !range.isEmpty, let sent = Base64.decode(bytes, range) else { throw .malformed }
        let pair = try text(sent)
        guard let colon = pair.firstIndex(of: Ascii.colon) else { throw .malformed }
        return .basic(
            user: String(decoding: pair[..<colon], as: UTF8.self),
            password: Secret(Array(pair[(colon + 1)...]))
        )
    }

    /// The same text in UTF-8: each byte of ISO-8859-1 is the character of that number.
    private static func utf8(latin1 bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            if byte < 0x80 {
                text.append(byte)
            } else {
                text.append(0xc0 | byte >> 6)
                text.append(0x80 | byte & 0x3f)
            }
        }
        return text
    }

    /// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
    private static func isToken68(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end - 1] == 0x3d { end -= 1 }
        guard end > range.lowerBound else { return false }
        for i in range.lowerBound..<end {
            let byte = bytes[i]
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e, 0x2b, 0x2f: continue
            default: return false
            }
        }
        return true
    }
}
