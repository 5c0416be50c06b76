/// What other proxies call what is asked for here: an option that is none of ours, and what does the same.
enum ForeignOption {
    /// - Parameters:
    ///   - name: without its dashes.
    ///   - value: the word behind it, if there is one.
    /// - Returns: half a sentence; nil for what nobody has.
    static func hint(_ name: String, value: String?) -> String? {
        switch name {
        case "p", "port", "l", "b", "bind", "addr", "address", "http-port", "listen-address", "listen-port":
            "did you mean \(listen(value))?"
        case "c", "f", "conf", "cfg", "configuration", "config-file", "file", "settings":
            "did you mean --config \(value ?? ConfigOption.example)?"
        case "t", "test", "configtest", "verify":
            "apus check FILE says what is wrong in a file"
        case "d", "daemon", "daemonize", "background", "detach":
            "Apus stays in the foreground: a service manager keeps it, or & in a shell"
        case "q", "quiet", "silent": "did you mean --log off?"
        case "verbose", "debug", "log-level": "did you mean --log short? It shows each request"
        case "s", "k", "signal": "apus stop, apus drain and apus reload speak with one that runs"
        case "a", "allow", "deny", "block", "blocklist", "acl", "rule", "rules", "whitelist", "blacklist":
            "rules stand in a file: --config \(ConfigOption.example)"
        case "user", "setuid", "run-as-user": "did you mean --run-as \(value ?? "NAME")?"
        case "u", "auth", "basic-auth", "username", "password", "htpasswd", "proxyauth":
            "users stand in a settings file, users: { file: users.htpasswd }: --config \(ConfigOption.example)"
        case "upstream", "upstream-proxy", "forward", "proxy", "x", "http-proxy", "chain":
            "did you mean --parent \(parent(value))?"
        case "no-proxy", "noproxy", "bypass": "did you mean --parent-bypass \(value ?? ".corp.example")?"
        case "proxy-user", "upstream-auth":
            "did you mean --parent-credentials env:NAME? USER:PASSWORD stands in the variable"
        case "cert", "certificate", "key", "tls", "ssl", "ca", "cacert":
            "Apus reads nothing inside TLS and takes no TLS from its clients: it needs no certificate"
        default: nil
        }
    }

    /// A command that is none of ours, and what does the same; nil for what nobody has.
    static func hint(command: String) -> String? {
        switch command {
        case "start", "run", "server", "listen", "daemon", "up": "apus serve, or apus alone, serves"
        case "restart": "apus reload puts changed settings in force; a restart is the service manager's"
        case "kill", "quit", "down", "shutdown": "apus stop ends it, apus drain lets what runs come to its end"
        case "test", "validate", "lint", "configtest", "verify": "apus check FILE says what is wrong in a file"
        case "passwd", "htpasswd", "adduser", "user", "useradd", "token":
            "apus hash-password --user NAME makes a line for a file of users"
        case "logs", "log", "tail", "monitor", "watch", "stats": "apus top shows the traffic, apus status the state"
        default: nil
        }
    }

    /// The parent that the value of another proxy's option names; one that may hold a password is not repeated.
    private static func parent(_ value: String?) -> String {
        guard let value, value.contains("://"), !value.contains("@") else { return "http://proxy.example:8080" }
        return value
    }

    /// Where the value of another proxy's option says to listen.
    static func listen(_ value: String?) -> String {
        guard let value, !value.isEmpty, !value.hasPrefix("-") else { return "--listen 127.0.0.1:3128" }
        if UInt16(value) != nil { return "--listen 127.0.0.1:\(value)" }
        return "--listen \(value.contains(":") ? value : "\(value):3128")"
    }
}
