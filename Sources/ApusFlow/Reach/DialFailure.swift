/// Why an attempt to connect, or all of them, came to nothing.
public enum DialFailure: UInt8, Sendable, BitwiseCopyable {
    /// The host answered that nobody listens (ECONNREFUSED).
    case refused
    /// No way leads there: ENETUNREACH, EHOSTUNREACH, EAFNOSUPPORT; EADDRNOTAVAIL for an IPv6 address, which is what a
    /// machine with IPv6 switched off says.
    case unreachable
    /// No answer in time: the kernel's ETIMEDOUT, an attempt that outlived its share, or the whole connect timeout.
    case timedOut
    /// The connection was reset while it was being made (ECONNRESET).
    case reset
    /// Forbidden on this machine: EACCES or EPERM from its firewall or routes, or every address refused by the guard.
    case prohibited
    /// This process or machine has none left of descriptors (EMFILE, ENFILE), buffers (ENOBUFS, ENOMEM) or ports
    /// (EAGAIN; EADDRNOTAVAIL for an IPv4 address).
    case exhausted
    /// Any other error.
    case other

    /// How much it tells of the host: of several failures the one with the highest number is reported.
    ///
    /// First what is wrong here (`exhausted`), because no look at the host would mend it. Then what the host itself
    /// said (`refused`, `reset`), then its silence (`timedOut`). Last what never left the machine (`prohibited`,
    /// `unreachable`, `other`): the usual IPv6 address without a route must not hide what its IPv4 sibling answered.
    var weight: UInt8 {
        switch self {
        case .exhausted: 6
        case .refused: 5
        case .reset: 4
        case .timedOut: 3
        case .prohibited: 2
        case .unreachable: 1
        case .other: 0
        }
    }

    /// The more telling of two; the first of two alike.
    func joined(_ other: DialFailure) -> DialFailure { other.weight > weight ? other : self }
}
