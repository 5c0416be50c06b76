extension ProxyConfiguration {
    /// The flight recorder: the last requests and tunnels, for those who look at the traffic.
    public struct RecorderSettings: Sendable, Equatable {
        /// How many requests and tunnels are held, all threads together: 2,000; 0 turns the recorder off. Beside them a quarter
        /// of this is held of those that were refused or failed.
        public var transactions = 2000

        /// The memory for their heads and words, in bytes, all threads together: 4 MiB, taken as it is needed. Half of it is for
        /// bodies while they are recorded.
        public var memory = 4 << 20

        /// How much is recorded of the content of each request and each response, in bytes: 0, nothing; 1 MiB at most, and never more
        /// than fits twice into a thread's memory for bodies. Bodies are recorded as they are: nothing in them is redacted.
        public var bodies = 0

        /// The folder that recordings are written to, at USR2 and when errors are too many: `/tmp`.
        public var folder = "/tmp"

        /// The share of requests with a 5xx status, among those of the last ten seconds, beyond which the command writes a recording
        /// by itself; 0, the default, never.
        public var errorRate = 0.0

        /// The defaults.
        public init() {}
    }
}
