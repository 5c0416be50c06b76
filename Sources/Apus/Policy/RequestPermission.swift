internal import ApusFlow
internal import ApusPolicy

/// What is held for a request while it is decided and runs, and what has been decided about it.
///
/// What it holds (the user, the counts of limits) is given back once: who gives it back leaves none.
struct RequestPermission: BitwiseCopyable {
    /// Whose request it is, held in the thread's cache of users.
    var user = CredentialCache.nobody
    /// What it holds of the counts of limits.
    var usage = QuotaLedger.none
    /// How many seconds an own answer asks to wait; 0 for the usual ones.
    var retryAfter: UInt32 = 0
    /// When the rules were last asked about it, in seconds since 1970.
    var askedAt: UInt32 = 0
    /// The times of the rule that allowed it.
    var times = RuleTicks()
    /// The limit rule that refuses it.
    var limitRule = Decision.noRule

    /// The limit that refuses it, and how many seconds its own answer asks to wait.
    var told: (rule: UInt16, retryAfter: UInt32) {
        get { (limitRule, retryAfter) }
        set { (limitRule, retryAfter) = newValue }
    }

    /// It is refused for so many microseconds.
    mutating func waits(_ microseconds: UInt64) {
        retryAfter = UInt32(clamping: (microseconds + 999_999) / 1_000_000)
    }
}
