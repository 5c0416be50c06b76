internal import Apus
internal import ApusWire

/// The files that are made of the tables and belong beside the binary: manual pages and completions. `scripts/make-manual` writes them.
package enum GeneratedFiles {
    /// Their paths, below one folder.
    package static let paths: [String] = Manual.pages.map(\.path) + completions.map(\.path)

    private static let completions: [(path: String, render: @Sendable () -> String)] = [
        ("completions/apus.bash", BashCompletion.render), ("completions/_apus", ZshCompletion.render),
        ("completions/apus.fish", FishCompletion.render),
    ]

    /// What `apus reference WORD` prints, without a line break at its end.
    ///
    /// - Parameters:
    ///   - word: one of ``paths``, `files` for these, or `policy` for the page of the policy's keys.
    ///   - epoch: `SOURCE_DATE_EPOCH`, seconds since 1970: the date of manual pages, so that the same source makes the same bytes.
    package static func render(_ word: String, epoch: String?) throws(SettingFault) -> String {
        if word == "policy" { return PolicyReference.render() }
        if word == "files" { return paths.joined(separator: "\n") }
        if let completion = completions.first(where: { $0.path == word }) { return completion.render() }
        guard let page = Manual.pages.first(where: { $0.path == word }) else {
            throw .unusable(["apus reference makes no file \(word); apus reference files lists those that it makes"])
        }
        guard let seconds = epoch.flatMap({ Int64($0) }) else {
            throw .unusable(["SOURCE_DATE_EPOCH has to say the date of the page, in seconds since 1970"])
        }
        return String(page.render(date: date(seconds), version: ApusVersion.current).dropLast())
    }

    private static func date(_ seconds: Int64) -> String {
        let time = CivilTime(secondsSince1970: seconds)
        return "\(digits(time.year, 4))-\(digits(time.month, 2))-\(digits(time.day, 2))"
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
