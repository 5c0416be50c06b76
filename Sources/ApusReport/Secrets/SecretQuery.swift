import ApusWire

/// The parameters of a query, or of a fragment, whose values are secrets: those whose names, without regard to case, `_`, `-`, `.` and
/// percent-encoding,
///
/// - contain `token`, `secret`, `passw`, `pwd`, `apikey`, `accesskey`, `privatekey`, `signature`, `credential`, `jwt`, `session`,
///   `assertion`, `bearer` or `auth` (but not `author`, unless it is `authorization`), or
/// - are `key`, `sig`, `sid`, `pass` or `pw`:
///
/// what RFC 6750 §2.3, the signed URLs of the large clouds and the scrubbers of the large error trackers name.
package enum SecretQuery {
    /// The next value that is a secret; nil when there is none.
    ///
    /// - Parameters:
    ///   - start: where to begin: a query begins at the first `?` or `#` from there on.
    ///   - end: where the text ends.
    package static func next(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int>? {
        var at = start
        while at < end, bytes[at] != Ascii.question, bytes[at] != Ascii.hash { at &+= 1 }
        return at < end ? secret(bytes, at &+ 1, end) : nil
    }

    /// The same, where a query has begun already.
    package static func secret(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int>? {
        var at = start
        while at < end {
            var name = ParameterName()
            while at < end, bytes[at] != 0x3d, !isSeparator(bytes[at]) {
                name.add(bytes, &at, end)
            }
            guard at < end, bytes[at] == 0x3d else {
                at &+= 1
                continue
            }
            let value = at &+ 1
            at = value
            while at < end, !isSeparator(bytes[at]) { at &+= 1 }
            if at > value, name.isSecret { return value..<at }
            at &+= 1
        }
        return nil
    }

    /// A path with its query, or another text with one, as it may be shown.
    ///
    /// - Parameter mark: what stands in the place of what is not shown.
    package static func shown(_ text: String, _ redaction: QueryRedaction, mark: String = "…") -> String {
        switch redaction {
        case .none: return text
        case .all:
            guard let query = text.utf8.firstIndex(of: Ascii.question) else { return text }
            return text[...query] + mark
        case .known:
            guard text.utf8.contains(where: { $0 == Ascii.question || $0 == Ascii.hash }) else { return text }
            let bytes = Array(text.utf8)
            guard var secret = next(bytes.span, 0, bytes.count) else { return text }
            var shown: [UInt8] = []
            var from = 0
            while true {
                shown += bytes[from..<secret.lowerBound]
                shown += Array(mark.utf8)
                from = secret.upperBound
                guard let other = self.secret(bytes.span, from, bytes.count) else { break }
                secret = other
            }
            return String(decoding: shown + bytes[from...], as: UTF8.self)
        }
    }

    /// Whether one pair is a secret, as it stands in a query.
    static func isSecret(pair: String) -> Bool {
        let bytes = Array(pair.utf8)
        return secret(bytes.span, 0, bytes.count) != nil
    }

    /// What ends a pair.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == 0x26 || byte == Ascii.semicolon || byte == Ascii.question || byte == Ascii.hash
    }
}

/// A parameter's name while it is read: the last eight of its letters and digits are all that is kept.
private struct ParameterName {
    private var window: UInt64 = 0
    private var count = 0
    private var isFound = false
    private var isAuth = false

    /// Whether it is well known to name a secret.
    var isSecret: Bool { isFound || isAuth || isWhole }

    /// Takes the byte, or the percent-encoded one, that stands here.
    mutating func add(_ bytes: Span<UInt8>, _ at: inout Int, _ end: Int) {
        var byte = bytes[at]
        at &+= 1
        if byte == 0x25, at &+ 1 < end, let high = Self.digit(bytes[at]), let low = Self.digit(bytes[at &+ 1]) {
            byte = high << 4 | low
            at &+= 2
        }
        byte = ByteClass.lowercased(byte)
        guard 0x61...0x7a ~= byte || 0x30...0x39 ~= byte else { return }
        window = window << 8 | UInt64(byte)
        count &+= 1
        look(byte)
    }

    /// What ends with this letter. Of the longer words the last eight letters are enough.
    private mutating func look(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "n"): isFound = isFound || ends(.token) || ends(.session) || ends(.ssertion)
        case UInt8(ascii: "t"): isFound = isFound || ends(.secret) || ends(.jwt)
        case UInt8(ascii: "w"): isFound = isFound || ends(.passw)
        case UInt8(ascii: "d"): isFound = isFound || ends(.pwd)
        case UInt8(ascii: "y"): isFound = isFound || ends(.apikey) || ends(.ccesskey) || ends(.ivatekey)
        case UInt8(ascii: "e"): isFound = isFound || ends(.ignature)
        case UInt8(ascii: "l"): isFound = isFound || ends(.edential)
        case UInt8(ascii: "h"): isAuth = isAuth || ends(.auth)
        case UInt8(ascii: "r"):
            isFound = isFound || ends(.bearer)
            if ends(.author) { isAuth = false }
        case UInt8(ascii: "i"): isAuth = isAuth || ends(.authori)
        default: break
        }
    }

    private var isWhole: Bool {
        switch count {
        case 2: ends(.pw)
        case 3: ends(.key) || ends(.sig) || ends(.sid)
        case 4: ends(.pass)
        default: false
        }
    }

    private func ends(_ word: NameEnding) -> Bool { window & word.mask == word.letters }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

/// Up to eight letters that a name may end with.
private struct NameEnding {
    static let token = NameEnding("token")
    static let session = NameEnding("session")
    static let ssertion = NameEnding("ssertion")
    static let secret = NameEnding("secret")
    static let jwt = NameEnding("jwt")
    static let passw = NameEnding("passw")
    static let pwd = NameEnding("pwd")
    static let apikey = NameEnding("apikey")
    static let ccesskey = NameEnding("ccesskey")
    static let ivatekey = NameEnding("ivatekey")
    static let ignature = NameEnding("ignature")
    static let edential = NameEnding("edential")
    static let auth = NameEnding("auth")
    static let bearer = NameEnding("bearer")
    static let author = NameEnding("author")
    static let authori = NameEnding("authori")
    static let pw = NameEnding("pw")
    static let key = NameEnding("key")
    static let sig = NameEnding("sig")
    static let sid = NameEnding("sid")
    static let pass = NameEnding("pass")

    let letters: UInt64
    let mask: UInt64

    private init(_ word: String) {
        letters = word.utf8.reduce(0) { $0 << 8 | UInt64($1) }
        mask = word.utf8.reduce(0) { mask, _ in mask << 8 | 0xff }
    }
}
