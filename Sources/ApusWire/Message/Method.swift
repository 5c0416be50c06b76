/// The methods whose semantics matter to a proxy (RFC 9110 §9); all others are `other` and pass unchanged.
public enum Method: UInt8, Sendable, BitwiseCopyable {
    case other, get, head, post, put, delete, connect, options, trace, patch

    /// Names the method by its length and its bytes packed into a word; methods are case-sensitive.
    @inline(__always)
    static func named(count: Int, packed: UInt64) -> Method {
        switch count {
        case 3: return packed == 0x47_4554 ? .get : packed == 0x50_5554 ? .put : .other
        case 4: return packed == 0x504f_5354 ? .post : packed == 0x4845_4144 ? .head : .other
        case 5: return packed == 0x54_5241_4345 ? .trace : packed == 0x50_4154_4348 ? .patch : .other
        case 6: return packed == 0x4445_4c45_5445 ? .delete : .other
        case 7: return packed == 0x43_4f4e_4e45_4354 ? .connect : packed == 0x4f_5054_494f_4e53 ? .options : .other
        default: return .other
        }
    }

    /// Whether a repetition does no harm (RFC 9110 §9.2.2), so that a stale pooled connection may be retried.
    public var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: return true
        case .other, .post, .connect, .patch: return false
        }
    }
}
