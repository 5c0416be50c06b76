/// What may stand in a rule's action.
extension PolicyKey {
    static let condition: [PolicyKey] = [
        PolicyKey(
            "to",
            .condition,
            "HOSTS",
            [
                "The hosts: `example.org` is that name alone, `\"*.example.org\"` every name under it, `10.0.0.0/8` a network, `list:ads` a "
                    + "list, `all` every host. A network also matches a name by its addresses, which are looked up for it."
            ],
            ["- allow: { to: [example.org, \"*.example.org\"] }"]
        ),
        PolicyKey(
            "ports",
            .condition,
            "PORTS",
            ["The ports of the host, with ranges. Tunnels also need the port in `connect-ports`."],
            ["- allow: { to: example.org, ports: [80, 443, 8000-8100] }"]
        ),
        PolicyKey(
            "from",
            .condition,
            "NETWORKS",
            ["The client's address."],
            ["- allow: { from: 10.1.0.0/16, to: all }"]
        ),
        PolicyKey(
            "user",
            .condition,
            "USERS",
            [
                "Who has shown credentials: names, `group:NAME`, or `all` for everybody who has. A client without credentials is asked for "
                    + "them (407) when the first rule that could match depends on who it is."
            ],
            ["- allow: { user: [anna, bo], to: all }"]
        ),
        PolicyKey(
            "method",
            .condition,
            "METHODS",
            ["The method of a request. That of a tunnel is CONNECT."],
            ["- allow: { method: [GET, HEAD], to: all }"]
        ),
        PolicyKey(
            "scheme",
            .condition,
            "http",
            [
                "What the URL of a plain request begins with. A tunnel shows no scheme: `method: CONNECT` takes it. `https` is the old "
                    + "word for tunnels; it still takes them, with a warning."
            ],
            ["- allow: { scheme: http, to: all }"]
        ),
        PolicyKey(
            "path",
            .condition,
            "PREFIXES",
            [
                "What the path of a plain request begins with. End it with a slash: `/public` is also the beginning of "
                    + "`/public-keys`. Paths inside a tunnel are not seen.",
                "Servers read some spellings of a path differently. An allow matches only what every server finds under the "
                    + "prefix, a deny whatever some server may find there.",
            ],
            ["- allow: { to: example.org, path: /public/ }"]
        ),
        PolicyKey(
            "time",
            .condition,
            "HOURS",
            ["Days and hours, with a zone; without one it is that of the machine."],
            ["- allow: { to: all, time: \"Mon-Fri 08:00-18:00 Europe/Berlin\" }"]
        ),
        PolicyKey(
            "listener",
            .condition,
            "ADDRESSES or NAMES",
            [
                "Where the client came in: the address as it is written in `listen`, or the name that stands beside it there."
            ],
            ["- allow: { listener: \"127.0.0.1:3128\", to: all }"]
        ),
        PolicyKey(
            "not",
            .condition,
            "MAPPING or LIST",
            ["Conditions that must not hold; of a list of mappings, none may."],
            ["- allow: { to: all, not: { time: \"Sat-Sun\" } }"]
        ),
    ]

    static let allow: [PolicyKey] = [
        PolicyKey(
            "private",
            .allow,
            "true, or NETWORKS",
            [
                "Open addresses that are closed otherwise, for this rule alone. `true` opens loopback and private networks; a "
                    + "network opens whatever is in it, also a cloud's metadata service."
            ],
            ["- allow: { user: all, to: wiki.internal.example, private: [10.1.2.0/24] }"]
        ),
        PolicyKey(
            "request-headers",
            .allow,
            "set and drop",
            ["Header fields of a plain request that are set or left out before it is sent on."],
            ["- allow: { to: example.org, request-headers: { set: { X-Team: ci }, drop: [Cookie] } }"]
        ),
        PolicyKey(
            "response-headers",
            .allow,
            "set and drop",
            ["The same for the response to a plain request."],
            ["- allow: { to: example.org, response-headers: { drop: [Set-Cookie] } }"]
        ),
        PolicyKey(
            "timeouts",
            .allow,
            "first-byte and response-body",
            [
                "How long the origin may be silent when it answers a plain request: until the first byte of its answer, then "
                    + "504, and in the body. In place of the settings `timeouts.first-byte` and `timeouts.response-body`, for "
                    + "what the rule allows; 100ms to 7d. A tunnel has neither."
            ],
            ["- allow: { to: slow.example, timeouts: { first-byte: 5m, response-body: 2m } }"]
        ),
        PolicyKey(
            "tls",
            .allow,
            "required, any",
            [
                "What the rule's tunnels may hold: TLS alone, or `any` protocol, as SSH, mail or plain HTTP. `required` unless said, or as "
                    + "`sni.not-tls` says.",
                "A tunnel to port 80 needs `any`, in a rule for all requests to that host and port. A rule in front that reads requests "
                    + "there, by `path`, `method` or to change fields, still wants TLS. With `any` a name in `to` still has to be the one "
                    + "inside TLS, but another protocol says none.",
            ],
            ["- allow: { to: git.example.org, ports: 22, tls: any }"]
        ),
        PolicyKey(
            "route",
            .allow,
            "NAMES",
            [
                "By which way it goes: the name of a parent, several in the order in which they are tried, or `direct`. It goes before the "
                    + "default route and before `bypass`. Where none of them can be had, nothing is reached."
            ],
            ["- allow: { to: \"*.partner.example\", route: [office, direct] }"]
        ),
        PolicyKey(
            "balance",
            .allow,
            "in-order, hash",
            [
                "How the parents of `route` share what goes by it: the first takes all that it can, or each some of the hosts, "
                    + "always the same. `in-order` unless said."
            ],
            ["- allow: { to: all, route: [first, second], balance: hash }"]
        ),
    ]

    static let deny: [PolicyKey] = [
        PolicyKey(
            "status",
            .deny,
            "400 to 599",
            ["The status of the answer; 403 unless said. 401 and 407 are not taken, for they ask for credentials."],
            ["- deny: { to: \"*.social.example\", status: 451 }"]
        ),
        PolicyKey(
            "text",
            .deny,
            "TEXT",
            ["A sentence for the refused client."],
            ["- deny: { to: \"*.social.example\", text: Ask the web team if you need it. }"]
        ),
    ]

    static let limit: [PolicyKey] = [
        PolicyKey(
            "requests",
            .limit,
            "N/PERIOD",
            [
                "Requests and tunnels in a period: s, min, hour, day, week, or several, as in 10min. Above it: 429 with the time to wait."
            ],
            ["- limit: { user: ci, requests: 50/s }"]
        ),
        PolicyKey(
            "connections",
            .limit,
            "N",
            ["Requests and tunnels at the same time; then 429."],
            ["- limit: { from: 10.0.0.0/8, connections: 100, by: client }"]
        ),
        PolicyKey(
            "tunnels",
            .limit,
            "N",
            ["Tunnels at the same time; then 429."],
            ["- limit: { user: ci, tunnels: 200 }"]
        ),
        PolicyKey(
            "bandwidth",
            .limit,
            "SIZE/PERIOD",
            ["Bytes to and from the client together. What is faster is slowed down, not refused."],
            ["- limit: { user: ci, bandwidth: 10MB/s }"]
        ),
        PolicyKey(
            "volume",
            .limit,
            "SIZE/PERIOD",
            [
                "Bytes to and from the client together in a period; then 429, and what runs is cut off. A day begins at midnight UTC."
            ],
            ["- limit: { user: ci, volume: 5GB/day }"]
        ),
        PolicyKey(
            "by",
            .limit,
            "user, client, rule",
            [
                "Whose count it is: `user` (each user has one; clients without a user have one for each address), `client` "
                    + "(each address has one) or `rule` (all that match share one). `user` unless said."
            ],
            ["- limit: { to: api.example, requests: 100/s, by: rule }"]
        ),
    ]
}
