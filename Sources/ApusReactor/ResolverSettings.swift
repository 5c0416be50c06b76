/// How many look-ups run and wait.
public struct ResolverSettings: Sendable, Hashable {
    /// The usual number of threads, and so of look-ups at a time: 4, as in libuv's pool; at least 1.
    public var maxThreads: Int
    /// The most threads: 64. Beyond the usual number there are as many as are stuck, so that silent name servers do not stop
    /// those that answer.
    public var mostThreads: Int
    /// How long a look-up has to run until its thread counts as stuck: 250 ms, some ten times what a name server takes.
    public var patience: Duration
    /// How long a thread beyond the usual number waits for work until it ends: 10 s.
    public var idleTime: Duration
    /// The most look-ups that run for one asker: 4; 0 for no bound.
    public var mostOfOne: Int
    /// The most requests that wait: 1,024. Behind as many, four threads with a name server that answers
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
        mostThreads: Int = 64,
        patience: Duration = .milliseconds(250),
        idleTime: Duration = .seconds(10),
        mostOfOne: Int = 4,
        maxQueued: Int = 1_024,
        queueDeadline: Duration = .seconds(5),
        singleLabel: SingleLabelNames = .hostsFile
    ) {
        self.maxThreads = maxThreads
        self.mostThreads = mostThreads
        self.patience = patience
        self.idleTime = idleTime
        self.mostOfOne = mostOfOne
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
