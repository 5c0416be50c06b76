internal import Apus
internal import ApusPolicy

extension Settings {
    static let parents: [Setting] = [
        Setting(
            key: "parent",
            flag: "parent",
            group: .parents,
            shape: .value("URL"),
            help: "Go through this parent proxy: http://HOST:PORT, socks5://HOST:PORT, socks5h://HOST:PORT, or env.",
            reason:
                "For where nothing is reached but by a company's proxy. It is the whole default route: if it cannot be had, nothing is "
                + "reached. The port is compulsory, for curl, Squid and the URL standard each take another one for a URL without. A "
                + "password never stands in it: see `parent-credentials`. `http_proxy` and its like are meant for clients, and are read "
                + "with `env` alone, together with NO_PROXY in its own reading. Several parents have names, under `parents` in the "
                + "settings file.",
            example: "http://proxy.example:8080",
            apply: { (configuration, texts) throws(ValueFault) in
                guard let text = texts.last else { throw ValueFault("a URL is missing") }
                if text == "env" {
                    configuration.defaultRoute.parent = .environment
                } else {
                    let parent = try ParentReader.settings(DefaultRouteSettings.urlName, text)
                    configuration.defaultRoute.parent = .url(parent)
                }
            },
            show: { configuration in
                switch configuration.defaultRoute.parent {
                case nil: "none"
                case .environment?: "env"
                case .url(let parent)?: parent.url
                }
            },
            known: .words(["env"])
        ),
        Setting(
            key: "parent-bypass",
            flag: "parent-bypass",
            group: .parents,
            shape: .list("HOSTS"),
            help:
                "Hosts that do not go to --parent: what `to` of a rule takes, and .corp.example for a name and all under it.",
            reason:
                "What is inside is reached from inside. A network is meant of hosts that are addresses: no name is looked up for it. A "
                + "rule's `route` goes before it. A name without a dot in front is that name alone, other than in NO_PROXY.",
            example: ".corp.example,10.0.0.0/8",
            apply: { (configuration, texts) throws(ValueFault) in
                configuration.defaultRoute.bypass = try BypassText.parse(texts)
            },
            show: { configuration in
                let patterns = configuration.defaultRoute.bypass
                return patterns.isEmpty ? "none" : BypassText.describe(patterns).joined(separator: ",")
            }
        ),
        Setting(
            key: "parent-credentials",
            flag: "parent-credentials",
            group: .parents,
            shape: .value("WHERE"),
            help: "Where USER:PASSWORD for --parent stands: env:NAME, a variable, or file:PATH, a file's first line.",
            reason:
                "Basic credentials for HTTP, a user and password for SOCKS5. A flag is seen by every user of the machine, so that no "
                + "password stands in one. Where the parent wants Kerberos or NTLM, put px or cntlm between.",
            example: "env:PARENT_CREDENTIALS",
            apply: { (configuration, texts) throws(ValueFault) in
                guard let text = texts.last else { throw ValueFault("a value is missing") }
                configuration.defaultRoute.credentials = try ParentReader.place(text)
            },
            show: { $0.defaultRoute.credentials?.description ?? "none" }
        ),
        Setting(
            key: "route",
            flag: "route",
            group: .parents,
            shape: .list("NAMES"),
            help:
                "By which way requests go where no rule says one: names of parents in the order in which they are tried, or direct.",
            reason:
                "Direct, as without parents. `[first, second]` takes the second while the first is out of order; without direct at the end "
                + "nothing is reached when none can be had. A rule says `route` for what it allows.",
            example: "office",
            apply: { (configuration, texts) throws(ValueFault) in
                for text in texts { _ = try RouteText.hop(text) }
                configuration.defaultRoute.hops = texts
            },
            show: { $0.defaultRoute.hops.isEmpty ? "direct" : $0.defaultRoute.hops.joined(separator: ",") }
        ),
        .choice(
            "balance",
            "balance",
            \.defaultRoute.balance,
            .parents,
            placeholder: "HOW",
            help: "How the parents of --route share what goes by it: in-order or hash.",
            reason:
                "With `in-order` the first takes all that it can. With `hash` each takes some of the hosts, always the same, so that "
                + "what a parent keeps is asked for there.",
            example: "hash"
        ),
    ]
}
