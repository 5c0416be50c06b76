import Testing

@testable import ApusConfig

/// What people write into a settings file by mistake, and what `apus check` must say of it: the mistake itself, and what to write.
@Suite("mistakes in a settings file") struct FileMistakesTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let text: String
        let says: [String]
        var never: [String] = []

        init(_ text: String, _ says: String..., never: [String] = []) {
            self.text = text
            self.says = says
            self.never = never
        }

        var testDescription: String { text }
    }

    private static let hash = "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
    private static let rest = "rules:\n  - allow: all\n"

    /// The report of a file, beside files of users, tokens and hosts.
    private func check(_ text: String, _ change: (inout FileAccess) -> Void = { _ in }) -> String {
        var files = FileAccess.memory([
            "f": text, "users.htpasswd": "anna:\(Self.hash)\n", "hosts.txt": "a.example\n", "token": "short\n",
            "good": "0123456789abcdef0123\n", "md5": "anna:$apr1$abcdefgh$0123456789012345678901\n",
            "plain": "anna:geheim\n",
        ])
        change(&files)
        return FileReport.make("f", environment: [:], files: files).text
    }

    private func judge(_ mistake: Mistake, _ change: (inout FileAccess) -> Void = { _ in }) {
        let report = check(mistake.text, change)
        for words in mistake.says { #expect(report.contains(words), "\(report)") }
        for words in mistake.never { #expect(!report.contains(words), "\(report)") }
    }

    @Test(
        "what would be false or dangerous to pass over in silence",
        arguments: [
            Mistake("rules: []\n", "rules is an empty list", "write rules, as - deny: all, or rules: none"),
            Mistake("", "the file says nothing", "rules: none"),
            Mistake("# nothing\n# here\n", "the file says nothing", "rules: none"),
            Mistake("users: { file: nosuch }\n" + rest, "users.file: nosuch: there is no such file"),
            Mistake(
                "users: { file: md5 }\n" + rest,
                "md5:1:1: apr1 (MD5) is guessed too quickly",
                "apus hash-password"
            ),
            Mistake("users: { file: plain }\n" + rest, "plain:1:1: the password is not hashed", never: ["geheim"]),
            Mistake("jwt: { keys: nosuch }\n" + rest, "jwt.keys: nosuch: there is no such file"),
            Mistake("admin: { token-file: nosuch }\n" + rest, "admin.token-file: nosuch: there is no such file"),
            Mistake(
                "lists: { ads: { file: gone, format: hosts } }\nrules:\n  - deny: { to: list:ads }\n",
                "lists.ads: gone: there is no such file",
                "1 fault",
                never: ["there is no list"]
            ),
            Mistake(
                "users: { file: users.htpasswd }\nrules:\n  - allow: { user: zed }\n",
                "warning: this rule names the user zed, and there is none of that name"
            ),
            Mistake(
                "users: { file: users.htpasswd }\ngroups: { ops: [bo] }\nrules:\n  - allow: { user: group:ops }\n",
                "warning: this rule names the group ops, and none of it is a user: bo"
            ),
            Mistake(
                "listen: 0.0.0.0:3128\n" + rest,
                "warning: others can connect to 0.0.0.0:3128, but nobody is served"
            ),
            Mistake(
                "listen: 127.0.0.1:3128\nadmin: { listen: 127.0.0.1:3128 }\n" + rest,
                "cannot have 127.0.0.1:3128 beside the listener 127.0.0.1:3128"
            ),
            Mistake(
                "users: { file: users.htpasswd }\nrules:\n  - allow: { user: anna, to: all }\n  - allow: { to: a.example }\n",
                "warning",
                "f:4:5"
            ),
        ]
    )
    func dangerous(_ mistake: Mistake) { judge(mistake) }

    @Test("an access log that cannot be written is told before the start") func log() {
        judge(
            Mistake(
                "log: { file: /nosuch/x, format: json }\n" + Self.rest,
                "the access log /nosuch/x cannot be opened: No such"
            )
        ) {
            $0.whyNotAppended = { _ in "No such file or directory" }
        }
        judge(
            Mistake(
                "log: { to: syslog, format: json }\n" + Self.rest,
                "warning: log.to: there is no /dev/log: lines are lost"
            )
        ) {
            $0.isThere = { _ in false }
        }
        judge(Mistake("log: { to: journald, format: off }\n" + Self.rest, "no fault", never: ["warning"])) {
            $0.isThere = { _ in false }
        }
    }

    @Test("a token that others may read, or guess, deserves a word") func token() {
        judge(
            Mistake(
                "admin: { token-file: token }\n" + Self.rest,
                "f:1:22: warning: admin.token-file: every user of this machine may read token: chmod 600 token",
                "the token in token has 5 bytes, which can be guessed"
            )
        ) { $0.isReadByAll = { _ in true } }
        judge(Mistake("admin: { token-file: good }\n" + Self.rest, "no fault", never: ["warning"]))
    }

    @Test(
        "networks, ports and hosts that are written as elsewhere",
        arguments: [
            Mistake("rules: [allow: { from: 10.0.0.0/33 }]\n", "33 is no length of a prefix; IPv4 takes 0 to 32"),
            Mistake("rules: [allow: { from: \"fd00::/129\" }]\n", "129 is no length of a prefix; IPv6 takes 0 to 128"),
            Mistake("rules: [allow: { from: 192.168.1.0/24/ }]\n", "has a slash too many; write 192.168.1.0/24"),
            Mistake("rules: [allow: { from: all }]\n", "leave from out: then every client matches"),
            Mistake("rules: [allow: { from: any }]\n", "leave from out: then every client matches"),
            Mistake(
                "rules: [allow: { to: “*.example.com” }]\n",
                "these are typographic quotes; write \"*.example.com\"",
                never: ["xn--"]
            ),
            Mistake("contact: “me”\n" + rest, "f:1:10: these are typographic quotes; write \"me\""),
            Mistake("listen: \"*:3128\"\n" + rest, "for every interface write 0.0.0.0:3128", never: ["for example"]),
            Mistake("connect-ports: \"443-8443\"\n" + rest, "no fault"),
            Mistake("rules: [allow: { ports: https }]\n", "\"https\" is no port; write 443"),
            Mistake(
                "rules: [allow: { to: a.example, route: \"http://parent:3128\" }]\n",
                "a route names parents, and no URL; write parents: { office: { url: … } } and route: office",
                "1 fault"
            ),
            Mistake("rules: [allow: { path: /x, scheme: https }]\n", "warning"),
            Mistake("rules: [allow: { path: /x, method: CONNECT }]\n", "warning"),
        ]
    )
    func values(_ mistake: Mistake) { judge(mistake) }

    @Test(
        "words of other files, and slips in YAML",
        arguments: [
            Mistake("rules:\n\t- allow: all\n", "f:2:1: this is a tab: indent by spaces", never: ["quotes"]),
            Mistake("rules:\n  - allow { to: all }\n", "a colon is missing behind allow"),
            Mistake("rules:\n  - deny example.org\n", "a colon is missing behind deny"),
            Mistake(
                "rules:\n  - limit: { bandwidth: 10mbit }\n  - allow: all\n",
                "\"10mbit\" counts bits; sizes are bytes: write 1250kB/s",
                never: ["10MB"]
            ),
            Mistake("rules:\n  - limit: { bandwidth: 10Mbps }\n  - allow: all\n", "write 1250kB/s"),
            Mistake("rules:\n  - limit: { bandwidth: 8 kbit/s }\n  - allow: all\n", "write 1kB"),
            Mistake(
                "lists: { ads: { url: \"https://x.example/hosts\" } }\n" + rest,
                "a list is a file, and Apus fetches none: fetch it by a timer, curl -o hosts.txt URL",
                "1 fault"
            ),
            Mistake(
                "users: { htpasswd: users.htpasswd }\n" + rest,
                "users has no key htpasswd; did you mean file?",
                never: ["in the clear"]
            ),
            Mistake("tell: x\n" + rest, "takes nothing, rule or everything", never: ["none of nothing"]),
            Mistake("mode: audit\n" + rest, "did you mean report?"),
            Mistake(
                "rules:\n  - limit: { by: ip, requests: 1/s }\n  - allow: all\n",
                "did you mean client, the address?"
            ),
            Mistake(
                "http_port 3128\nacl localnet src 10.0.0.0/8\nhttp_access allow localnet\nhttp_access deny all\n",
                "f:1:1: this looks like a squid.conf: the page Move from Squid or tinyproxy",
                "1 fault"
            ),
            Mistake(
                "# squid\nhttp_port 3128\nrefresh_pattern ^ftp: 1440 20% 10080\nrefresh_pattern -i (/cgi-bin/|\\?) 0 0% 0\nacl a src all\n",
                "this looks like a squid.conf",
                "1 fault"
            ),
            Mistake("Port 8888\nListen 127.0.0.1\nAllow 127.0.0.1\n", "this looks like a tinyproxy.conf", "1 fault"),
        ]
    )
    func words(_ mistake: Mistake) { judge(mistake) }

    @Test(
        "ten more",
        arguments: [
            Mistake("rules: [allow: { from: 10.0.0.0/255.0.0.0 }]\n", "has a netmask; write 10.0.0.0/8"),
            Mistake("allow-from: \"10.1.2.*\"\n" + rest, "write 10.1.2.0/24", never: ["for example"]),
            Mistake("rules: [allow: { from: 10.0.0.1-10.0.0.50 }]\n", "is a range, which is no network"),
            Mistake(
                "rules:\n  - limit: { bandwidth: 1.5MB/s }\n  - allow: all\n",
                "\"1.5MB\" is no whole number; write 1500kB"
            ),
            Mistake(
                "users: { file: users.htpasswd }\nrules:\n  - allow: { user: any }\n",
                "the user any, and there is none of that name; did you mean all?"
            ),
            Mistake("log: { to: /var/log/apus.log }\n" + rest, "is a path; write it as log.file"),
            Mistake(
                "rules: [deny: { to: '.*\\.example\\.com' }]\n",
                "looks like a regular expression",
                "\"*.example.org\""
            ),
            Mistake(
                "rules: [deny: { to: a.example b.example }]\n",
                "are several hosts; write a list, [a.example, b.example]"
            ),
            Mistake(
                "rules: [deny: { path: \"/private/*\" }]\n",
                "a path matches all that begins with it: write /private/"
            ),
            Mistake(
                "port: 3128\n" + rest,
                "there is no key port; did you mean listen: 127.0.0.1:3128?",
                never: ["it takes"]
            ),
        ]
    )
    func more(_ mistake: Mistake) { judge(mistake) }

    @Test(
        "and what was found beside them",
        arguments: [
            Mistake(
                "rules: [deny: { to: \"*example.com\" }]\n",
                "write \"*.example.com\" for what is under it, example.com for itself"
            ),
            Mistake(
                "rules:\n  - limit: { bandwidth: 10Mb/s }\n  - allow: all\n",
                "write 10MB for bytes, 1250kB for bits"
            ),
            Mistake("rules: [allow: { from: localhost }]\n", "write 127.0.0.0/8 and ::1"),
            Mistake("rules: [allow: { ports: all }]\n", "every port is 1-65535"),
            Mistake("listen: \"http://127.0.0.1:3128/\"\n" + rest, "this is a URL; write 127.0.0.1:3128"),
            Mistake("default: deny\n" + rest, "what no rule allows is denied"),
            Mistake("include: other.yaml\n" + rest, "a file takes in no other"),
            Mistake("anna:\(hash)\n", "this looks like a file of users"),
            Mistake("a: @b\n", "@ cannot begin a text: put the text in quotes"),
            Mistake("tell: all\n" + rest, "did you mean everything?"),
        ]
    )
    func found(_ mistake: Mistake) { judge(mistake) }

    @Test("a file of one's own is not taken for another program's") func own() {
        #expect(ForeignFile.hint("listen: 127.0.0.1:3128\nrules:\n  - allow: all\n") == nil)
        #expect(ForeignFile.hint("hello\nworld\n") == nil)
        #expect(ForeignFile.hint("") == nil)
        #expect(ForeignFile.hint("http_port 3128\nhello\nworld\nagain\n") == nil)
    }
}
