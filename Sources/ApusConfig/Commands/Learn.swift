internal import ApusFlow
internal import ApusPolicy

/// `apus learn`: the policy that covers what access logs show.
package enum Learn {
    /// No log is read further.
    private static let largestLog = 1 << 32

    /// What was made of the logs.
    package struct Result {
        /// The policy's text.
        package let text: String
        /// How many lines were no lines of a JSON access log.
        package let strange: Int
    }

    /// Reads all logs that are named.
    package static func result(_ settings: ParsedSettings, files: FileAccess) throws(SettingFault) -> Result {
        guard !settings.words.isEmpty else {
            throw .unusable(["apus learn wants the names of access logs in JSON, as access.log"])
        }
        var learner = PolicyLearner()
        var strange = 0
        for name in settings.words {
            let bytes: [UInt8]
            do { bytes = try files.readLog(name, largestLog) } catch { throw .unusable(["\(name): \(error.message)"]) }
            for line in LogLinesReader.lines(bytes) {
                guard let parsed = AccessLogLine.parse(bytes[line].span) else {
                    strange += 1
                    continue
                }
                if let observed = parsed.observed { learner.observe(observed) }
            }
        }
        var text = learner.learn().text
        while text.last == "\n" { text.removeLast() }
        return Result(text: text, strange: strange)
    }
}
