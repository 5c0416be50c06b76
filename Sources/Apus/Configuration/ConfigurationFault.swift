/// What is wrong with a ``ProxyConfiguration``: all of it, so that nobody mends one fault to meet the next.
public struct ConfigurationFault: Error, Equatable, CustomStringConvertible {
    /// One value that cannot be used.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// The setting, by its key in a settings file: `limits.request-line`.
        public let key: String
        /// What is wrong and what would be right, as half a sentence.
        public let message: String

        public var description: String { "\(key): \(message)" }
    }

    /// The problems, in the order of the settings; never empty.
    public let problems: [Problem]

    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
