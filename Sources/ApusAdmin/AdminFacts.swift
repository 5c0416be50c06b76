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
    /// What settings files say beside that.
    let settings: SettingsInForce?
}

/// What whoever reads the settings knows of those in force, and can be asked.
public struct SettingsInForce: Sendable {
    /// A list of hosts, and the file that it was read from.
    public struct List: Sendable {
        /// The name by which rules speak of it.
        public let name: String
        /// The path.
        public let file: String
        /// When it was read, in seconds since 1970.
        public let readAt: Int64
        /// How often its file is looked at for a change, in seconds; nil for at reloads alone.
        public let refresh: Int64?
        /// On how many of its lines something was left out.
        public let skippedLines: Int

        /// Makes one.
        public init(name: String, file: String, readAt: Int64, refresh: Int64?, skippedLines: Int) {
            self.name = name
            self.file = file
            self.readAt = readAt
            self.refresh = refresh
            self.skippedLines = skippedLines
        }
    }

    /// What is known now.
    public struct Report: Sendable {
        /// In the order of the file.
        public let lists: [List]
        /// What is no fault and deserves a word, such as a listener on which nobody is served.
        public let warnings: [String]

        /// Makes one.
        public init(lists: [List], warnings: [String]) {
            self.lists = lists
            self.warnings = warnings
        }
    }

    /// Why there is no explanation.
    public struct Fault: Error, Sendable {
        /// In words.
        public let words: String

        /// Makes one.
        public init(_ words: String) { self.words = words }
    }

    let report: @Sendable () async -> Report
    let explain: @Sendable (_ url: String, _ options: [String: String]) async throws(Fault) -> String

    /// - Parameters:
    ///   - report: what is known now.
    ///   - explain: what would become of a request, as one JSON object; the options are those of `apus explain` without their dashes.
    public init(
        report: @escaping @Sendable () async -> Report,
        explain: @escaping @Sendable (_ url: String, _ options: [String: String]) async throws(Fault) -> String
    ) {
        self.report = report
        self.explain = explain
    }
}
