/// A file that was written for another program, told by the words that its lines begin with.
enum ForeignFile {
    private static let programs: [(file: String, words: Set<String>, hint: String)] = [
        (
            "a squid.conf",
            [
                "acl", "cache_dir", "cache_mem", "cache_peer", "coredump_dir", "forwarded_for", "http_access",
                "http_port", "icp_access",
                "never_direct", "refresh_pattern", "visible_hostname",
            ],
            move
        ),
        (
            "a tinyproxy.conf",
            [
                "Allow", "BasicAuth", "ConnectPort", "DefaultErrorFile", "Deny", "Filter", "FilterDefaultDeny", "Group",
                "Listen", "LogFile",
                "LogLevel", "MaxClients", "PidFile", "Port", "StartServers", "Timeout", "Upstream", "User",
                "ViaProxyName",
            ],
            move
        ),
        (
            "a configuration of nginx",
            ["server", "location", "listen", "worker_processes", "events", "proxy_pass", "http"],
            reverse
        ),
        (
            "a haproxy.cfg",
            ["global", "defaults", "frontend", "backend", "bind", "mode", "server", "maxconn", "timeout"],
            reverse
        ),
    ]

    private static let reverse = "Apus is no reverse proxy: its clients name the host; the README says how it begins"
    private static let move = "the page Move from Squid or tinyproxy has a table of what to write here"

    /// What to say of a text; nil for one that nobody else's looks like.
    ///
    /// Two lines at least, and the most of those that say something, begin with a program's words: one alone may be a slip.
    static func hint(_ text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmed }.filter {
            !$0.isEmpty && !$0.hasPrefix("#")
        }
        let words = lines.map { $0.prefix { !" \t{".contains($0) } }
        guard lines.count > 1 else { return users(lines) }
        for program in programs {
            let known = words.count { program.words.contains(String($0)) }
            if known > 1, known * 2 > lines.count { return "this looks like \(program.file): \(program.hint)" }
        }
        return users(lines)
    }

    /// Lines of `apus hash-password --user NAME`, or of htpasswd.
    private static func users(_ lines: [Substring]) -> String? {
        let isOfUsers = lines.allSatisfy { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return parts.count == 2 && !parts[0].contains(" ") && parts[1].hasPrefix("$")
        }
        return lines.isEmpty || !isOfUsers
            ? nil : "this looks like a file of users: name it in a file of settings, users: { file: users.htpasswd }"
    }
}
