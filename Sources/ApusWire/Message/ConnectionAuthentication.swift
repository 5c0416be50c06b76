/// The schemes that authenticate a connection in place of a request: who has it afterwards is taken for the one who proved himself.
///
/// They are older than HTTP's own rule that each request stands for itself (RFC 9110 §11.1, RFC 4559 §6).
enum ConnectionAuthentication {
    /// Whether credentials, the value of Authorization, are of such a scheme.
    static func isUsed(_ bytes: Span<UInt8>, credentials: ByteRange) -> Bool { isScheme(bytes, credentials) }

    /// Whether one of the challenges of a WWW-Authenticate line is for such a scheme.
    ///
    /// A comma within a quoted parameter counts as one between challenges here: at worst a name that stands there is taken for a scheme,
    /// which costs a connection; none is missed.
    static func isOffered(_ bytes: Span<UInt8>, challenges: ByteRange) -> Bool {
        var elements = ListElements(challenges)
        while let element = elements.next(bytes) {
            if isScheme(bytes, element) { return true }
        }
        return false
    }

    /// Whether the first word is NTLM, Kerberos or Negotiate, in any case of its letters.
    private static func isScheme(_ bytes: Span<UInt8>, _ value: ByteRange) -> Bool {
        var count = 0
        var packed: UInt64 = 0
        for i in value.range {
            if ByteClass.isBlank(bytes[i]) || bytes[i] == Ascii.comma { break }
            count += 1
            if count > 9 { return false }
            packed = packed &<< 8 | UInt64(ByteClass.lowercased(bytes[i]))
        }
        return switch count {
        case 4: packed == 0x6e74_6c6d
        case 8: packed == 0x6b65_7262_6572_6f73
        // The first of nine letters is no longer in the word.
        case 9: packed == 0x6567_6f74_6961_7465 && ByteClass.lowercased(bytes[Int(value.start)]) == 0x6e
        default: false
        }
    }
}
