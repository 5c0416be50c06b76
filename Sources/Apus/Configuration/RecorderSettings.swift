extension ProxyConfiguration {
    /// The flight recorder: the last requests and tunnels, for those who look at the traffic.
    public struct RecorderSettings: Sendable, Equatable {
        /// How many requests and tunnels are held, all threads together: 2,000; 0 turns the recorder off. Beside them a quarter
        /// of this is held of those that were refused or failed.
        public var transactions = 2000

        /// The memory for their heads and words, in bytes, all threads together: 4 MiB, taken as it is needed.
        public var memory = 4 << 20

        /// The defaults.
        public init() {}
    }
}
