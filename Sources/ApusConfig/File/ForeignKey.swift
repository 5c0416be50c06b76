/// Keys that people write at the top of a file because other programs have them, with what does the same here.
enum ForeignKey {
    static func hint(_ key: String) -> String? {
        switch key {
        case "port", "bind", "address", "addr", "host", "http-port", "http_port", "server":
            "did you mean listen: 127.0.0.1:3128?"
        case "default", "default-action", "default-policy", "policy", "fallback":
            "what no rule allows is denied; for the other way round end the rules with - allow: all"
        case "include", "import", "includes": "a file takes in no other; hosts by the thousand stand in lists"
        case "version", "apiVersion", "kind": "leave it out"
        case "workers", "worker_processes", "concurrency": "did you mean threads?"
        case "auth", "passwords", "htpasswd", "basic-auth", "basic_auth":
            "did you mean users: { file: users.htpasswd }?"
        case "user", "run_as", "setuid": "did you mean run-as?"
        case "upstream", "proxy", "http_proxy", "cache_peer": "did you mean parent: http://proxy.example:8080?"
        case "upstreams", "proxies", "cache_peers":
            "did you mean parents: { office: { url: http://proxy.example:8080 } }?"
        case "no_proxy", "no-proxy", "bypass": "did you mean parent-bypass?"
        case "failover", "never_direct", "always_direct": "did you mean route: [first, second, direct]?"
        case "tls", "ssl", "cert", "certificate", "ca": "Apus reads nothing inside TLS, and needs no certificate"
        case "blocklist", "blocklists", "blacklist", "whitelist", "allowlist", "denylist", "acl", "acls":
            "name the file under lists, and the list in a rule: - deny: { to: list:ads }"
        default: nil
        }
    }
}
