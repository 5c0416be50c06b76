/// How many look-ups run and wait.
public struct ResolverSettings: Sendable, Hashable {
    /// The most threads, and so look-ups at a time: 4, as in libuv's pool; at least 1.
    public var maxThreads: Int
    /// The most requests that wait for a thread: 1,024. Behind as many, four threads with a name server that answers
    /// in 20 ms are just about to reach a request when its deadline passes; more would only wait to be given up.
    public var maxQueued: Int
    /// How long a request may wait for a thread; what waited longer is answered `timedOut` without a look-up, so that
    /// threads that come back from a dead name server do not first work off what was given up. 5 s, the deadline of a
    /// look-up.
    public var queueDeadline: Duration
    /// Where the system's look-up finds names of one label; a look-up of an embedder's own is given all names.
    public var singleLabel: SingleLabelNames

    /// Makes settings; what is not named has its default.
    public init(
        maxThreads: Int = 4,
        maxQueued: Int = 1_024,
        queueDeadline: Duration = .seconds(5),
        singleLabel: SingleLabelNames = .hostsFile
    ) {
        self.maxThreads = maxThreads
        self.maxQueued = maxQueued
        self.queueDeadline = queueDeadline
        self.singleLabel = singleLabel
    }
}

/// Where names of one label are looked up.
///
/// Such a name is meant for a search list, which completes it. Without one it is a top-level domain, and those have no addresses (RFC 7085
/// counts the few that had), unless a name server of the place knows it, as that of Docker does.
public enum SingleLabelNames: UInt8, Sendable, Hashable {
    /// In `/etc/hosts` and nowhere else.
    case hostsFile
    /// As any other name.
    case dns
}
