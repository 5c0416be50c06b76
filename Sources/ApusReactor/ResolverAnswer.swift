/// Why a look-up has no addresses.
public enum LookUpError: Error, Sendable, Hashable {
    /// The name does not exist, or has no address (EAI_NONAME, EAI_NODATA).
    case notFound
    /// The name has one label, is not in the hosts file, and is asked of nobody else.
    case singleLabel
    /// The name server had no answer for now (EAI_AGAIN).
    case tryAgain
    /// The request waited for a thread for so long that nobody waits for it any more.
    case timedOut
    /// As many requests wait as may.
    case queueFull
    /// This process or machine has none left of descriptors, memory or threads.
    case exhausted
    /// Another error: `errno` when positive, an `EAI_` code when negative.
    case other(Int32)
}

/// The answer to one request.
public struct ResolverAnswer: Sendable {
    /// The number the request was made with.
    public let ticket: UInt64
    /// At least one address, in the order of RFC 6724, or why there is none.
    public let result: Result<[ResolvedAddress], LookUpError>

    /// Makes an answer; for those who script names.
    public init(ticket: UInt64, result: Result<[ResolvedAddress], LookUpError>) {
        self.ticket = ticket
        self.result = result
    }
}
