/// Why a name has no addresses.
public enum LookUpFailure: Sendable, Hashable, BitwiseCopyable {
    /// The name does not exist, or has no address (EAI_NONAME, EAI_NODATA).
    case notFound
    /// The name has one label, is not in the hosts file, and is asked of nobody else.
    case singleLabel
    /// The name server had no answer for now (EAI_AGAIN).
    case tryAgain
    /// No answer within the deadline.
    case timedOut
    /// Too many look-ups wait already.
    case queueFull
    /// This process or machine has none left of descriptors, memory or threads.
    case exhausted
    /// Another error, with the system's code.
    case other(Int32)

    /// Whether it says something about the name, and not about this process, so that it may be kept for a while
    /// (RFC 2308 §5 and §7).
    var isAboutName: Bool {
        switch self {
        case .notFound, .singleLabel, .tryAgain, .other: true
        case .timedOut, .queueFull, .exhausted: false
        }
    }
}
