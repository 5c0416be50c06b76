extension ProxyConfiguration {
    /// Name look-ups: how many run, and how long what they answered is kept. The system's resolver tells no time to live.
    public struct NameSettings: Sendable, Equatable {
        /// How long addresses are kept: 60 s. Java keeps them 30 s; 0 looks up for each new connection.
        public var positive: Duration = .seconds(60)

        /// How long a failure is kept: 5 s. Java keeps it 10 s, Squid 1 min; 0 asks again each time.
        public var negative: Duration = .seconds(5)

        /// How many names are kept: 4,096. Squid keeps 1,024; 0 keeps none.
        public var entries = 4096

        /// How many look-ups run at a time, on threads of their own: 4. Threads whose look-up is stuck are made up for, up to 64.
        public var threads = 4

        /// How many look-ups run for one client at a time: 4; more wait for their turn. 0 lifts the bound.
        public var perClient = 4

        /// How many names may wait for such a thread: 1,024, then 504 `dns_timeout` at once, for the client that has most waiting.
        public var waiting = 1024

        /// Where names of one label are looked up: in the hosts file only.
        public var singleLabel = SingleLabelNames.hostsFile

        /// The defaults.
        public init() {}
    }

    /// Where names of one label, as `intranet`, are looked up. No search list completes them, nor any other name.
    public enum SingleLabelNames: String, Sendable, Equatable, CaseIterable {
        /// In the hosts file and nowhere else.
        case hostsFile = "hosts-file"
        /// In DNS too, where a name server of the place knows them, as Docker's does.
        case dns
    }
}
