internal import Apus

extension Settings {
    static let access: [Setting] = [
        Setting(
            key: "listen",
            flag: "listen",
            group: .common,
            shape: .list("ADDR:PORT"),
            help: "Accept clients on this address, for example 127.0.0.1:3128 or [::1]:3128.",
            reason:
                "Loopback only, so that nobody else can use it by mistake; 3128 is Squid's port, which tools know. Port 0 lets "
                + "the system choose. `[::]` takes IPv6 alone: name `0.0.0.0` beside it for both. In the settings file an entry may be a "
                + "mapping, `{ address: 10.0.0.5:3128, name: edge, protocols: [http], proxy-protocol: [10.0.0.9] }`: by `name` rules "
                + "and logs speak of the listener; `protocols` are what its clients may speak, `http` and `socks`, both unless said; "
                + "`proxy-protocol` names the balancers that announce each client by a header of the PROXY protocol, which is then "
                + "compulsory there.",
            example: "127.0.0.1:3128",
            apply: { (configuration, texts) throws(ValueFault) in
                var addresses: [ListenAddress] = []
                for text in texts { addresses.append(try ListenReader.address(text)) }
                configuration.listeners = addresses
                configuration.listenerOptions = [:]
            },
            show: { $0.listeners.map(\.description).joined(separator: ",") },
            written: { $0.listenerOptions.isEmpty ? nil : ListenerText.describe($0) }
        ),
        .count(
            "threads",
            "threads",
            \.threads,
            .common,
            help: "How many threads serve.",
            reason:
                "One for each core, as nginx's `worker_processes auto`; more gain nothing, since no thread ever waits.",
            example: "2",
            zero: "the cores"
        ),
        .text(
            "run-as",
            "run-as",
            \.user,
            .common,
            placeholder: "NAME",
            help: "Become this user, when started as root, once the listeners are bound.",
            reason:
                "For ports below 1024 without a service manager: what root may is given up, with its groups, before a client is served or "
                + "the log is opened, and cannot be had back. Files are read anew and logs opened anew by that user; a start and "
                + "`apus check` say which cannot. Root without it stays root, and is warned.",
            example: "apus",
            absent: "none"
        ),
        Setting(
            key: "connect-ports",
            flag: "connect-ports",
            group: .access,
            shape: .list("PORTS"),
            help: "Ports that tunnels (CONNECT) may reach: a list such as 443,8000-8100, or all, or none.",
            reason:
                "A tunnel to any port would carry mail and shells as well; RFC 9110 §9.3.6 asks for a list of known ports.",
            example: "443,8443",
            apply: { (configuration, texts) throws(ValueFault) in
                configuration.connectPorts = try PortList.parse(texts)
            },
            show: { PortList.describe($0.connectPorts) },
            known: .words(["all", "none"])
        ),
        .toggle(
            "allow-private",
            "allow-private",
            \.allowPrivate,
            .access,
            help: "Allow destinations on loopback and in private networks.",
            reason:
                "Closed, so that a client cannot reach through Apus what only this machine should reach (SSRF). It opens "
                + "loopback, RFC 1918, unique local (fc00::/7) and carrier-grade NAT (100.64.0.0/10); link-local addresses, "
                + "metadata services and Apus's own listeners stay closed."
        ),
        .networks(
            "allow-to",
            "allow-to",
            \.allowTo,
            .access,
            help: "Allow destinations in this network, even where they are closed otherwise.",
            reason: "The narrow way to open one private host or network.",
            example: "10.1.0.0/16"
        ),
        .networks(
            "allow-from",
            "allow-from",
            \.allowFrom,
            .access,
            help: "Serve clients of this network on listeners other than loopback.",
            reason: "Nobody is served there until somebody is named: an open proxy is found and abused within hours "
                + "(RFC 9110 §17.2).",
            example: "192.168.1.0/24"
        ),
        .text(
            "via-pseudonym",
            "via-pseudonym",
            \.viaPseudonym,
            .access,
            placeholder: "NAME",
            help: "This proxy's name in the header field Via, by which loops are found.",
            reason:
                "`apus-` and eight random hexadecimal digits for each start, so that chained proxies are never taken for "
                + "a loop, and no host name is told (RFC 9110 §7.6.3).",
            example: "proxy-1",
            absent: "random"
        ),
    ]
}
