extension ProxyConfiguration {
    /// When the command reads its settings anew, and what that does to what runs. A program that embeds a server calls
    /// ``ProxyServer/reload(configuration:rules:endingDenied:)`` itself.
    public struct ReloadSettings: Sendable, Equatable {
        /// How often the files of settings and users are looked at for a change; 0, the default, never: only HUP reloads, so that
        /// a half-written file is nobody's policy.
        public var watch: Duration = .zero

        /// Whether what runs and is denied by the new rules is ended; off, so that a reload harms nobody who was let in.
        public var endsDenied = false

        /// The defaults.
        public init() {}
    }
}
