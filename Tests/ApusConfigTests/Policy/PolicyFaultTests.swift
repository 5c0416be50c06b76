import ApusPolicy
import Testing

@testable import ApusConfig

/// Each fault of the policy's part of a file, with its place and its words.
@Suite struct PolicyFaultTests {
    private func faults(_ text: String) -> [String] {
        SettingsFile(path: "f", bytes: Array(text.utf8), .none).faults.map(\.description)
    }

    @Test(
        "a fault of a rule is told where it stands, with what is expected",
        arguments: [
            ("deny", "5: deny says nothing; write deny: all, or deny: { to: example.org }"),
            ("deny:all", "5: a space is missing behind the colon: deny: all"),
            ("hello", "5: a rule is a mapping, as deny: all or allow: { to: example.org }; this is a text"),
            ("[a]", "5: a rule is a mapping, as deny: all or allow: { to: example.org }; this is a list"),
            ("alow: all", "5: this is no rule; it takes one of allow, deny and limit; did you mean allow?"),
            ("name: x", "5: this is no rule; it takes one of allow, deny and limit"),
            (
                "{ allow: all, deny: all }",
                "19: a rule has one of allow, deny and limit; write deny as a rule of its own"
            ),
            ("deny:", "10: deny says nothing; for everything write deny: all"),
            ("deny: {}", "11: deny says nothing; for everything write deny: all"),
            ("deny: []", "11: deny takes all, or a mapping such as { to: example.org }; this is a list"),
            ("deny: example.org", "11: deny takes all, or a mapping; for that host write deny: { to: example.org }"),
            ("deny: \"*.a.org\"", "11: deny takes all, or a mapping; for that host write deny: { to: \"*.a.org\" }"),
            ("{ deny: , to: a.org }", "15: to belongs to deny, not beside it; indent it more than deny"),
            ("{ deny: all, nme: x }", "18: a rule has no key nme; did you mean name?"),
            ("{ name: [x], deny: all }", "13: name takes a name for the rule; this is a list"),
            (
                "{ mode: report, deny: { to: a.org, mode: report } }",
                "40: mode is given beside deny and in it; keep one of them"
            ),
            ("{ mode: off, deny: all }", "13: mode: \"off\" is unknown; it takes enforce or report"),
            ("deny: { private: true }", "13: private belongs to allow, not to deny"),
            ("allow: { status: 451 }", "14: status belongs to deny, not to allow"),
            ("allow: { host: a.org }", "14: allow has no key host; did you mean to?"),
            ("allow: { potrs: 1 }", "14: allow has no key potrs; did you mean ports?"),
            (
                "deny: { xyz: 1 }",
                "13: deny has no key xyz; it takes from, user, method, scheme, to, ports, path, time, listener, not, status, text, name, mode"
            ),
            ("deny: { to: }", "17: to says nothing; it takes hosts, as example.org, \"*.example.org\" or all"),
            ("deny: { to: [] }", "17: to is an empty list; it takes hosts, as example.org, \"*.example.org\" or all"),
            (
                "deny: { to: [a.org, [b.org]] }",
                "25: to takes hosts, as example.org, \"*.example.org\" or all; this is a list"
            ),
            ("deny: { to: [a.org, \"b.org:1\"] }", "25: to: \"b.org:1\" has a port; write to: b.org and ports: 1"),
            ("deny: { to: *.a.org }", "17: YAML takes a * in front for a reference; put it in quotes: \"*.a.org\""),
            ("deny: { to: list:ad }", "17: list:ad is not there; lists: says which lists there are"),
            (
                "deny: { from: lan }",
                "19: from: \"lan\" is no network; it takes 10.1.0.0/16, fd00::/8 or a single address"
            ),
            (
                "deny: { from: 10.0.0.1/8 }",
                "19: from: \"10.0.0.1/8\" has bits behind its prefix; write 10.0.0.0/8, or 10.0.0.1 for one address"
            ),
            ("deny: { user: group:ops }", "19: group:ops is not there; groups: says which groups there are"),
            ("deny: { user: \"a:b\" }", "19: user: \"a:b\" has a colon, which no user's name can have"),
            ("deny: { method: get }", "21: method: \"get\": methods are written in capitals, GET"),
            (
                "deny: { method: \"A B\" }",
                "21: method: \"A B\" is no token; letters, digits, - and _ are safe (RFC 9110 §5.6.2)"
            ),
            (
                "deny: { scheme: HTTPS }",
                "21: scheme: \"HTTPS\" is unknown; it takes http or https; did you mean https?"
            ),
            ("deny: { ports: 0 }", "20: ports: \"0\" is no port; it takes 1 to 65535, or a range such as 8000-8100"),
            ("deny: { ports: \"443, 90-80\" }", "20: ports: \"90-80\" is an empty range; write 80-90"),
            ("deny: { path: public }", "19: path: \"public\" is no path; it begins with /, as /public/"),
            ("deny: { path: /a?b }", "19: path: \"/a?b\" has a query; rules see the path in front of it alone"),
            ("deny: { path: /a/* }", "19: path: \"/a/*\" has a *; a path matches all that begins with it: write /a/"),
            ("deny: { path: /ä }", "19: path: \"/ä\" has a character that a path has in percent-encoding alone"),
            (
                "deny: { time: Mo }",
                "19: time: “Mo” in “Mo” is no day of the week: "
                    + "expected Mon, Tue, Wed, Thu, Fri, Sat, Sun, as in Mon-Fri or Mon,Wed,Fri"
            ),
            (
                "deny: { listener: \"3128\" }",
                "23: listener: \"3128\": the address is missing; 127.0.0.1:3128 is this machine alone, 0.0.0.0:3128 every interface"
            ),
            ("deny: { not: {} }", "18: not says nothing; leave it out"),
            ("deny: { not: [] }", "18: not is an empty list; leave it out"),
            (
                "deny: { not: a.org }",
                "18: not takes conditions, as { to: example.org }, or a list of them; this is a text"
            ),
            ("deny: { not: { host: a.org } }", "20: not has no key host; did you mean to?"),
            ("deny: { not: [{ to: a.org, port: 1 }] }", "32: not has no key port; did you mean ports?"),
            ("deny: { status: 200 }", "21: status: \"200\" is no status of a refusal; it takes 400 to 599"),
            (
                "deny: { status: 407 }",
                "21: status: 407 asks for credentials; a rule that names a user does so: allow: { user: all }"
            ),
            ("deny: { text: \"a\\nb\" }", "19: text: the text has a control character or a line break"),
            (
                "allow: { private: maybe }",
                "23: private: \"maybe\" is no network; it takes 10.1.0.0/16, fd00::/8 or a single address"
            ),
            ("allow: { private: }", "23: private says nothing; it takes true, or networks such as [10.1.0.0/16]"),
            (
                "allow: { route: \"a b\" }",
                "21: route: \"a b\" is no name of a parent; letters, digits, - _ . make one, 64 at most"
            ),
            ("allow: { route: }", "21: route says nothing; it takes names of parents, as office, or direct"),
            ("allow: { route: [] }", "21: route is an empty list; it takes names of parents, as office, or direct"),
            (
                "allow: { route: office, balance: rr }",
                "38: balance: \"rr\" is unknown; it takes in-order or hash"
            ),
            (
                "allow: { to: all, balance: hash }",
                "32: balance says nothing without route; write route: [first, second] beside it"
            ),
            ("deny: { route: office }", "13: route belongs to allow, not to deny"),
            ("deny: { timeouts: { first-byte: 5m } }", "13: timeouts belongs to allow, not to deny"),
            ("allow: { timeouts: 5m }", "24: timeouts takes first-byte: 5m and response-body: 2m; this is a text"),
            ("allow: { timeouts: {} }", "24: timeouts says nothing; it takes first-byte: 5m and response-body: 2m"),
            (
                "allow: { timeouts: { first-byte: 0 } }",
                "38: first-byte: \"0\" is out of range; it takes 100ms to 7d"
            ),
            (
                "allow: { timeouts: { response-body: 8d } }",
                "41: response-body: \"8d\" is out of range; it takes 100ms to 7d"
            ),
            ("allow: { timeouts: { first-bite: 1s } }", "26: timeouts has no key first-bite; did you mean first-byte?"),
            (
                "allow: { timeouts: { connect: 1s } }",
                "26: no rule sets connect: it is for all, by the setting timeouts.connect; a rule takes first-byte and response-body"
            ),
            ("allow: { request-headers: { del: [A] } }", "33: request-headers has no key del; it takes set, drop"),
            (
                "allow: { request-headers: {} }",
                "31: request-headers says nothing; it takes set: { Name: value } and drop: [Name]"
            ),
            (
                "allow: { request-headers: { drop: [Host] } }",
                "40: drop: Host is written by Apus itself, and no rule changes it"
            ),
            (
                "allow: { request-headers: { set: { A: } } }",
                "43: A says nothing; it takes the field's value, as a text"
            ),
            (
                "allow: { request-headers: { set: { A: 1, a: 2 } } }",
                "46: a is set twice; the case of a field's name does not matter"
            ),
            ("allow: { response-headers: { set: { A: \"é\" } } }", "44: A: a field's value has printable ASCII alone"),
            (
                "limit: all",
                "12: limit bounds nothing; it takes one of requests, connections, tunnels, bandwidth, volume"
            ),
            (
                "limit: { user: a }",
                "12: limit bounds nothing; it takes one of requests, connections, tunnels, bandwidth, volume"
            ),
            (
                "limit: { requests: 50 }",
                "24: requests: \"50\" does not say in which time; write 50/s, or a part of min, hour, day or week"
            ),
            (
                "limit: { bandwidth: 10M/s }",
                "25: bandwidth: \"10M\" can be read in two ways; write 10MiB (1,024) or 10MB (1,000)"
            ),
            (
                "limit: { volume: 5GB }",
                "22: volume: \"5GB\" does not say in which time; write 5GB/day, or a part of min, hour, day or week"
            ),
            ("limit: { tunnels: 0 }", "23: tunnels: 0 lets nothing through; a deny rule says so more clearly"),
            ("limit: { connections: many }", "27: connections: \"many\" is no whole number"),
            (
                "limit: { tunnels: 1, by: usr }",
                "30: by: \"usr\" is unknown; it takes user, client or rule; did you mean user?"
            ),
        ]
    )
    func rules(_ rule: String, _ fault: String) {
        #expect(faults("rules:\n  - \(rule)\n") == ["f:2:\(fault)"])
    }

    private static let hash = "$2y$10$" + String(repeating: "x", count: 53)

    @Test(
        "a fault beside the rules is told where it stands, with what is expected",
        arguments: [
            (
                "rules:",
                "7: rules says nothing; write rules, as - deny: all, or rules: none if everything is to be allowed"
            ),
            (
                "rules: []",
                "8: rules is an empty list; write rules, as - deny: all, or rules: none if everything is to be allowed"
            ),
            ("rules: { deny: all }", "8: rules takes a list of rules, as - deny: all; this is a mapping"),
            ("contact: [a]", "10: contact takes whom a refused client may ask; this is a list"),
            (
                "tell: all",
                "7: tell: \"all\" is unknown; it takes nothing, rule or everything; did you mean everything?"
            ),
            ("tell: rules", "7: tell: \"rules\" is unknown; it takes nothing, rule or everything; did you mean rule?"),
            ("mode: dry", "7: mode: \"dry\" is unknown; it takes enforce or report; did you mean report?"),
            ("groups: ops", "9: groups takes names with lists of users, ops: [anna, bo]; this is a text"),
            ("groups: { ops: [] }", "16: groups.ops is an empty list; it takes users, [anna, bo]"),
            ("groups: { ops: [\"a:b\"] }", "17: groups.ops: \"a:b\" has a colon, which no user's name can have"),
            (
                "lists: { ads: hosts.txt }",
                "15: lists.ads takes { file: hosts.txt, format: hosts, refresh: 1h }; this is a text"
            ),
            (
                "lists: { ads: { file: a } }",
                "15: lists.ads has no format; it takes { file: hosts.txt, format: hosts, refresh: 1h }"
            ),
            (
                "lists: { ads: { format: rpz } }",
                "15: lists.ads has no file; it takes { file: hosts.txt, format: hosts, refresh: 1h }"
            ),
            (
                "lists: { ads: { file: a, format: host } }",
                "34: lists.ads.format: \"host\" is unknown; it takes hosts, domains, adblock or rpz; did you mean hosts?"
            ),
            (
                "lists: { ads: { file: a, format: rpz, refresh: 5 } }",
                "48: lists.ads.refresh: \"5\" has no unit; write 5s for seconds, 5ms for milliseconds, or m, h, d"
            ),
            (
                "lists: { ads: { file: a, format: rpz, refresh: 1ms } }",
                "48: lists.ads.refresh: \"1ms\" is too often; it takes 1s or more, or leave it out"
            ),
            (
                "lists: { ads: { file: a, format: rpz, url: b } }",
                "39: lists.ads: a list is a file, and Apus fetches none: fetch it by a timer, curl -o hosts.txt URL, and write file: hosts.txt"
            ),
            (
                "lists: { a d: { file: a, format: rpz } }",
                "10: lists: \"a d\" is no token; letters, digits, - and _ are safe (RFC 9110 §5.6.2)"
            ),
            ("lists: { ads: { file: a, format: rpz } }", "23: lists.ads: a: there is no such file"),
            ("users: users.htpasswd", "8: users takes { file: users.htpasswd }, or names with hashes; this is a text"),
            ("users: {}", "8: users says nothing; it takes { file: users.htpasswd }, or names with hashes"),
            ("users: { file: a, anna: b }", "19: users has a file, and anna beside it; write all users in one place"),
            (
                "users: { anna: geheim }",
                "16: anna: this is no hash, and passwords are not taken in the clear; make one with apus hash-password"
            ),
            (
                "users: { anna: $apr1$a$b }",
                "16: anna: this is a hash by MD5, which is too weak; make one with apus hash-password"
            ),
            (
                "users: { anna: \"{SHA}x\" }",
                "16: anna: this is a hash of a kind that is not taken; make one with apus hash-password"
            ),
            (
                "users: { anna: $9$x }",
                "16: anna: this is a hash of a kind that is not taken; make one with apus hash-password"
            ),
            (
                "users: { anna: $2y$10$x }",
                "16: anna: this hash is cut short or has characters that no hash has; make one with apus hash-password"
            ),
            ("users: { \"a:b\": \"\(hash)\" }", "10: users: \"a:b\" has a colon, which no user's name can have"),
            (
                "tokens: { ci: geheim }",
                "15: ci: tokens are not taken in the clear; write sha256: and what printf %s TOKEN | sha256sum says"
            ),
            ("tokens: { ci: \"sha256:ab\" }", "15: ci: a SHA-256 has 64 hexadecimal digits; this has 2 characters"),
            (
                "jwt: { issuer: a, audience: b }",
                "6: jwt has no keys; it takes { keys: jwks.json, issuer: https://idp.example, audience: apus }"
            ),
            ("jwt: { keys: a, isuer: b }", "17: jwt has no key isuer; did you mean issuer?"),
            ("jwt: x", "6: jwt takes { keys: jwks.json, issuer: https://idp.example, audience: apus }; this is a text"),
        ]
    )
    func sections(_ text: String, _ fault: String) {
        #expect(faults(text + "\n") == ["f:1:\(fault)"])
    }

    @Test("no fault repeats a password or a token")
    func secrets() {
        let text =
            "users: { anna: hunter2, bo: \"$apr1$hunter2$x\" }\ntokens: { ci: hunter2, cd: [\"sha256:hunter2\"] }\n"
        let faults = faults(text)
        #expect(faults.count == 4)
        for fault in faults { #expect(!fault.contains("hunter2"), "\(fault)") }
    }

    @Test("what is no fault and deserves a word is a warning with its place")
    func warnings() {
        let text = """
            jwt: { keys: a }
            rules:
              - { name: x, deny: { to: a.example } }
              - { name: x, allow: all }
            """
        let file = SettingsFile(path: "f", bytes: Array(text.utf8), .none)
        #expect(file.faults == [])
        #expect(
            file.warnings.map(\.description) == [
                "f:1:6: jwt has no issuer: tokens that were made for others are taken too",
                "f:1:6: jwt has no audience: tokens that were made for others are taken too",
                "f:4:5: two rules are named x, this one and that of line 3",
            ]
        )
        let nobody = SettingsFile(path: "f", bytes: Array("rules: [{ allow: { user: anna } }]".utf8), .none)
        #expect(
            nobody.warnings.map(\.description) == [
                "f:1:9: this rule names users, and there are none: users, tokens or jwt says who they are"
            ]
        )
    }
}
