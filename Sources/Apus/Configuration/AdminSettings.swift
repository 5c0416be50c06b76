extension ProxyConfiguration {
    /// The admin listener: metrics, health and the page. The command serves it; a program that embeds a server runs an `AdminServer`
    /// of `ApusAdmin` beside it.
    public struct AdminSettings: Sendable, Equatable {
        /// Whether it is served; on by default, for only this machine reaches it.
        public var isOn = true

        /// Where; `127.0.0.1:9128` by default.
        public var listen = AdminAddress.standard

        /// The file whose first line is the token that everybody has to show; without it only a loopback address or a UNIX socket
        /// is served.
        public var tokenFile: String?

        /// The names, beside `localhost` and the machine's own, by which a browser may ask for the page; any other name is taken
        /// for one that was rebound to this address.
        public var names: [String] = []

        /// The defaults.
        public init() {}
    }
}
