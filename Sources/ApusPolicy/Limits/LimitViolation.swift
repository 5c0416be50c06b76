/// Why a request is over a limit, and when it would not be.
public struct LimitViolation: Error, Sendable, Hashable, BitwiseCopyable {
    /// Which bound was met.
    public let refusal: Refusal
    /// Whole seconds after which it is admitted if nothing else is meanwhile; nil where it has to wait for something to end.
    public let retryAfter: UInt32?

    /// Makes one.
    public init(_ refusal: Refusal, retryAfter: UInt32? = nil) {
        self.refusal = refusal
        self.retryAfter = retryAfter
    }

    /// The one of two that takes longer to pass.
    public func longer(_ other: LimitViolation?) -> LimitViolation {
        guard let other else { return self }
        return (other.retryAfter ?? 0) > (retryAfter ?? 0) ? other : self
    }
}

/// How fast something that runs may go on.
public struct UsagePace: Sendable, Hashable, BitwiseCopyable {
    /// How long to wait before more is moved, in microseconds.
    public var wait: UInt64 = 0
    /// How much to move then, before the next look.
    public var slice: UInt64 = .max
    /// Nothing more is to be moved: the volume of the period is used up.
    public var isUsedUp = false

    /// As fast as it comes.
    public init() {}

    /// The slower of both.
    public func slower(_ other: UsagePace) -> UsagePace {
        var pace = self
        pace.wait = max(wait, other.wait)
        pace.slice = min(slice, other.slice)
        pace.isUsedUp = isUsedUp || other.isUsedUp
        return pace
    }
}
