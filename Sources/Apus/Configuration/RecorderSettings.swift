extension ProxyConfiguration {
    /// The flight recorder: the last requests and tunnels, for those who look at the traffic.
    public struct RecorderSettings: Sendable, Equatable {
        /// How many requests and tunnels are held, all threads together: 2,000; 0 turns the recorder off. Beside them a quarter
        /// of this is held of those that were refused or failed.
        public var transactions = 2000

        /// The memory for their heads and words, in bytes, all threads together: 4 MiB, taken as it is needed.
        public var memory = 4 << 20

        /// The folder that recordings are written to, at USR2 and when errors are too many: `/tmp`.
        public var folder = "/tmp"

        /// The share of requests with a 5xx status, among those of the last ten seconds, beyond which the command writes a recording
        /// by itself; 0, the default, never.
        public var errorRate = 0.0

        /// The defaults.
        public init() {}
    }
}
