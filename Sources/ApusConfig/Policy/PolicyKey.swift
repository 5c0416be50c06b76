/// A key of the settings file that makes the policy: one row, from which help and manual pages tell it. What the keys mean is in the
/// readers beside this; a test holds both to be the same.
package struct PolicyKey: Sendable, Equatable {
    /// Where it stands.
    package enum Owner: String, Sendable, CaseIterable {
        case file = "Keys of the file"
        case rule = "Keys of a rule"
        case condition = "Conditions of a rule"
        case allow = "Keys of allow"
        case deny = "Keys of deny"
        case limit = "Keys of limit"
    }

    package let name: String
    let owner: Owner
    /// What stands for its value: `USERS`.
    let value: String
    /// What it says, in paragraphs.
    let meaning: [String]
    /// How it is written: whole entries of the file for ``Owner/file``, else a whole rule.
    let example: [String]

    init(_ name: String, _ owner: Owner, _ value: String, _ meaning: [String], _ example: [String]) {
        self.name = name
        self.owner = owner
        self.value = value
        self.meaning = meaning
        self.example = example
    }
}

extension PolicyKey {
    /// All rows, by where they stand.
    static let all: [PolicyKey] = file + rule + condition + allow + deny + limit

    private static let file: [PolicyKey] = [
        PolicyKey(
            "rules",
            .file,
            "RULES",
            [
                "The list of rules. The first allow or deny that matches decides; when none matches, the request is denied. "
                    + "A file that wants no rules says `rules: none`; then everything is allowed that the settings allow."
            ],
            ["rules:", "  - allow: { to: [example.org, \"*.example.org\"] }"]
        ),
        PolicyKey(
            "users",
            .file,
            "FILE or HASHES",
            [
                "Who may show a password: a file with lines NAME:HASH, as `apus hash-password` and htpasswd write them, or the "
                    + "names with their hashes. Hashes are yescrypt, bcrypt or SHA-crypt. The path of a file is looked for "
                    + "beside the settings file."
            ],
            ["users: { file: users.htpasswd }"]
        ),
        PolicyKey(
            "groups",
            .file,
            "NAMES",
            ["Groups of users. A rule speaks of one as `group:NAME`."],
            ["groups: { ops: [anna, bo] }"]
        ),
        PolicyKey(
            "tokens",
            .file,
            "DIGESTS",
            [
                "Who may show a token of their own by `Proxy-Authorization: Bearer`: names with `sha256:` and the digest of the token. "
                    + "`apus hash-password --token` makes both."
            ],
            [
                "tokens:",
                "  ci: sha256:a8d4dfcac60f2c10cca604cee8845e74ff32b78fc2341a34146c9c6182fed038",
            ]
        ),
        PolicyKey(
            "jwt",
            .file,
            "MAPPING",
            [
                "Whose signed tokens (JSON Web Tokens) are taken: `keys` is a file with the issuer's public keys (a JWKS), "
                    + "`issuer` and `audience` are what the token must name. `user-claim` says which claim is the user's "
                    + "name (`sub` unless said), `groups-claim` which one names the groups (`groups` unless said)."
            ],
            ["jwt: { keys: jwks.json, issuer: https://idp.example, audience: apus }"]
        ),
        PolicyKey(
            "lists",
            .file,
            "MAPPING",
            [
                "Lists of hosts that are files of their own. A rule speaks of one as `list:NAME`. `format` is `hosts` (a hosts file), "
                    + "`domains` (a name a line, which stands for all under it too), `adblock` (a filter list) or `rpz` (a response policy "
                    + "zone). With `refresh` the file is read anew that often."
            ],
            ["lists:", "  ads: { file: ads.txt, format: hosts, refresh: 1h }"]
        ),
        PolicyKey(
            "parents",
            .file,
            "MAPPING",
            [
                "Proxies to go through, by names that `route` takes, at the top of the file for all and in a rule for what it allows. `url` is "
                    + "`http://HOST:PORT`, `socks5://HOST:PORT` or `socks5h://HOST:PORT`; the port is compulsory, for programs disagree on "
                    + "the one that is meant without. `credentials` is where `USER:PASSWORD` stands: `env:NAME` or `file:PATH`.",
                "`bypass` are hosts that the default route leaves out: what `to` takes, and `.corp.example` for a name with all under it. "
                    + "`connect-by` says whether an HTTP parent is given a `name`, which it looks up, or the `address` that was looked "
                    + "up and judged here; `name` unless said where the default route names the parent, else `address`. `timeout` is how "
                    + "long a connection and its handshake may take, 5s unless said; `health` when it is left alone, "
                    + "`{ failures: 3, back-off: 1s, probe: 10s }` unless said: behind the back-off, which doubles to a minute, a request tries it; "
                    + "`probe` is taken, and has no effect yet.",
            ],
            [
                "parents:",
                "  office: { url: http://proxy.corp.example:8080, credentials: env:OFFICE, bypass: [.corp.example] }",
                "route: office",
            ]
        ),
        PolicyKey(
            "contact",
            .file,
            "TEXT",
            ["Whom a refused client may ask. It stands in the answer."],
            ["contact: proxy-team@example.org"]
        ),
        PolicyKey(
            "tell",
            .file,
            "nothing, rule, everything",
            [
                "How much a refusal tells: `nothing` but an id, which the log has too; with `rule` also the rule's name and "
                    + "the contact; with `everything` also the rule's place in the file. `rule` unless said."
            ],
            ["tell: nothing"]
        ),
        PolicyKey(
            "mode",
            .file,
            "enforce, report",
            [
                "With `report` no rule refuses anything; the log's `would_deny` says what would have been refused. A single rule can have it "
                    + "too. `enforce` unless said."
            ],
            ["mode: report"]
        ),
    ]

    private static let rule: [PolicyKey] = [
        PolicyKey(
            "allow",
            .rule,
            "all, or a MAPPING",
            ["Serve what matches. The mapping holds conditions, and keys of allow."],
            ["- allow: { to: [example.org, \"*.example.org\"], ports: [80, 443] }"]
        ),
        PolicyKey(
            "deny",
            .rule,
            "all, or a MAPPING",
            ["Refuse what matches. The mapping holds conditions, and keys of deny."],
            ["- deny: { to: \"*.social.example\" }"]
        ),
        PolicyKey(
            "limit",
            .rule,
            "MAPPING",
            [
                "Bound what matches and other rules allow. It never decides, and so it may stand anywhere in the list. The mapping holds "
                    + "conditions, and keys of limit, at least one of which is a bound."
            ],
            ["- limit: { user: ci, requests: 50/s, tunnels: 200, volume: 5GB/day }"]
        ),
        PolicyKey(
            "name",
            .rule,
            "TEXT",
            ["The rule's name, in answers, in the log and in metrics. It stands beside the action or in it."],
            ["- name: package mirrors", "  allow: { to: \"*.mirrors.example\" }"]
        ),
        PolicyKey(
            "mode",
            .rule,
            "enforce, report",
            [
                "With `report` the rule is on trial: what it would refuse is served, unless another rule refuses it, and the "
                    + "log says `would_deny`."
            ],
            ["- deny: { to: \"*.example.net\" }", "  mode: report"]
        ),
    ]
}
