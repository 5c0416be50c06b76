/// What `apus --help` shows: what it does, three ways to start it, its commands, then all settings, the common ones first;
/// and what `apus COMMAND --help` shows.
package enum HelpText {
    /// Lines are at most this long.
    static let width = 100
    private static let column = 33

    /// The page of a command, without a line break at its end.
    package static func render(_ command: Command) -> String {
        if command == .serve { return render() }
        let row = command.row
        var lines = [
            "apus \(command.rawValue) - \(row.summary)", "", "Usage: apus \(command.rawValue) \(row.usage)", "",
        ]
        lines += row.text
        if !row.options.isEmpty { lines += ["", "Options:"] }
        for option in row.options {
            lines += entry(left: "--\(option.name) \(option.placeholder)", text: option.help)
        }
        if row.takesSettings { lines += ["", "All options of apus serve are taken; apus --help shows them."] }
        return lines.joined(separator: "\n")
    }

    /// The whole page, without a line break at its end.
    package static func render() -> String {
        var lines = [
            "apus - an HTTP proxy: clients ask it for http:// URLs, or for a tunnel to an https:// host.",
            "",
            "Usage: apus [serve] [OPTION...]",
            "       apus COMMAND ...",
            "",
            "Examples:",
            "  apus",
            "      serves this machine on 127.0.0.1:3128; try it in another terminal:",
            "      curl -x http://127.0.0.1:3128 http://example.com/",
            "  apus --listen 0.0.0.0:3128 --allow-from 192.168.1.0/24",
            "      serves the machines of one network",
            "  apus --connect-ports 443,8443 --log json --log-file /var/log/apus.json",
            "      lets tunnels reach port 8443 too, and writes JSON lines to a file",
            "  apus --config apus.yaml",
            "      takes settings and rules from a file",
            "", "Commands (apus COMMAND --help says more):",
        ]
        for command in Command.allCases { lines += entry(left: command.rawValue, text: command.row.summary) }
        for group in Setting.Group.allCases {
            lines += ["", "\(group.rawValue):"]
            if group == .common {
                lines += entry(
                    left: "--\(ConfigOption.flag) \(ConfigOption.placeholder)",
                    text: ConfigOption.help,
                    tag: "[\(ConfigOption.defaultText)]"
                )
            }
            for setting in Settings.all where setting.group == group { lines += entry(setting) }
            if group == .common {
                lines += entry(left: "--version", text: "Show the version.")
                lines += entry(left: "-h, --help", text: "Show this page.")
            }
        }
        return (lines + ["", notes]).joined(separator: "\n")
    }

    private static let notes = """
        In brackets: the default. An option with ... can be given again, or take a list: A,B.
        SIZE is 64KiB, 10MB or plain bytes; TIME is 250ms, 30s or 1h30m.
        CIDR is 10.1.0.0/16, fd00::/8 or an address. A switch is undone by --no-..., as --no-allow-private.

        Every option has a variable: --timeout-head 5s is APUS_TIMEOUT_HEAD=5s; an option wins over it,
        and both over the settings file, where it is timeouts: { head: 5s }.

        Signals: TERM and INT (Ctrl-C) stop after running requests, a second one at once; HUP reads the
        settings file anew, and on a fault the old settings stay; USR1 reopens the log file.
        Exit status: 0 stopped, 1 cannot start, 64 wrong option, 78 wrong settings file.
        """

    private static func entry(_ setting: Setting) -> [String] {
        var left = "--\(setting.flag)"
        if !setting.placeholder.isEmpty { left += " \(setting.placeholder)" }
        if setting.isList { left += " ..." }
        return entry(left: left, text: setting.help, tag: "[\(setting.defaultText)]")
    }

    /// The option on the left, its text wrapped on the right; a long option has a line of its own.
    private static func entry(left: String, text: String, tag: String? = nil) -> [String] {
        var wrapped = wrap(text, width - column)
        if let tag, let last = wrapped.last {
            // The default is kept in one piece.
            if last.count + 1 + tag.count <= width - column {
                wrapped[wrapped.count - 1] = last + " " + tag
            } else {
                wrapped.append(tag)
            }
        }
        let indent = String(repeating: " ", count: column)
        let head = "  \(left)"
        guard let first = wrapped.first else { return [head] }
        let rest = wrapped.dropFirst().map { indent + $0 }
        if head.count > column - 2 { return [head, indent + first] + rest }
        return [head + String(repeating: " ", count: column - head.count) + first] + rest
    }

    /// The words in lines of at most `width` characters; a word that is longer stays whole.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
