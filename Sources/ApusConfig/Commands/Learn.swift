internal import ApusAdvice
internal import ApusReport

/// `apus learn`: the policy that covers what access logs show.
package enum Learn {
    /// No log is read further.
    private static let largestLog = 1 << 32

    /// What was made of the logs.
    package struct Result {
        /// The policy's text; nil where the logs show no request: a policy of nothing denies everything, and whoever has written it over
        /// the one in force would be the last to know.
        package let text: String?
        /// What there is to say of lines that were no lines of a JSON access log, or of logs without any; nil where there is nothing.
        package let notice: String?
    }

    /// Reads all logs that are named.
    package static func result(_ settings: ParsedSettings, files: FileAccess) throws(SettingFault) -> Result {
        guard !settings.words.isEmpty else {
            throw .unusable(["apus learn wants the names of access logs in JSON, as access.log"])
        }
        var learner = PolicyLearner()
        var (strange, observed) = (0, 0)
        for name in settings.words {
            let bytes: [UInt8]
            do { bytes = try files.readLog(name, largestLog) } catch { throw .unusable(["\(name): \(error.message)"]) }
            for line in LogLinesReader.lines(bytes) {
                guard let parsed = AccessLogLine.parse(bytes[line].span) else {
                    strange += 1
                    continue
                }
                guard let request = parsed.observed else { continue }
                learner.observe(request)
                observed += 1
            }
        }
        guard observed > 0 else {
            let names = settings.words.joined(separator: ", ")
            let why =
                strange > 0
                ? "no line is one of an access log in JSON, which --log json writes" : "no line shows a request"
            return Result(text: nil, notice: "\(names): \(why)")
        }
        var text = learner.learn().text
        while text.last == "\n" { text.removeLast() }
        return Result(text: text, notice: passedOver(strange))
    }

    private static func passedOver(_ strange: Int) -> String? {
        switch strange {
        case 0: nil
        case 1: "1 line is no line of an access log in JSON, and is passed over"
        default: "\(strange) lines are no lines of an access log in JSON, and are passed over"
        }
    }
}
