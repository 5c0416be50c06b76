internal import Apus
internal import ApusPolicy

/// What the admin listener knows beside the server.
struct AdminFacts: Sendable {
    /// Its own address, or the path of its socket.
    let address: @Sendable () async -> String
    /// The settings file; nil where there is none.
    let settingsFile: String?
    /// A rule as it would be written.
    let ruleText: @Sendable (Rule) -> String
}
