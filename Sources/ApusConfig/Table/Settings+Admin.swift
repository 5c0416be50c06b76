internal import Apus

extension Settings {
    static let admin: [Setting] = [
        .toggle(
            "admin.enabled",
            "admin",
            \.admin.isOn,
            .admin,
            help: "Serve metrics, health and the page on a listener of their own.",
            reason:
                "On, for only this machine reaches it; who looks first finds what passes and why something was refused without "
                + "setting anything.",
            example: "false"
        ),
        Setting(
            key: "admin.listen",
            flag: "admin-listen",
            group: .admin,
            shape: .value("ADDR:PORT"),
            help: "The address and port of that listener, or the path of a UNIX socket.",
            reason:
                "Loopback only. Any other address needs `admin.token-file`. A UNIX socket is for the user of the process alone. "
                + "When the default is taken, by another Apus perhaps, Apus says so and serves without it; one that was asked for "
                + "must be free.",
            example: "/run/apus/admin.sock",
            apply: { (configuration, texts) throws(ValueFault) in
                let text = texts.last ?? ""
                do { configuration.admin.listen = try AdminAddress(parsing: text) } catch {
                    throw ValueFault("\"\(text)\": \(error)")
                }
            },
            show: { $0.admin.listen.description }
        ),
        .text(
            "admin.token-file",
            "admin-token-file",
            \.admin.tokenFile,
            .admin,
            placeholder: "PATH",
            help: "Ask everybody for the token in the first line of this file.",
            reason:
                "By `Authorization: Bearer`, or as the password that a browser asks for. In a file, so that it is in no list of "
                + "processes and no settings file. `/healthz`, `/readyz` and `/proxy.pac` need none.",
            example: "/etc/apus/admin-token",
            absent: "none"
        ),
        Setting(
            key: "admin.names",
            flag: "admin-names",
            group: .admin,
            shape: .list("NAME"),
            help: "Names, beside addresses, by which browsers may ask for the page.",
            reason:
                "Addresses, `localhost` and the machine's own name are known. Any other name is refused, for a name of somebody "
                + "else's may be made to point here (DNS rebinding).",
            example: "apus.internal.example",
            apply: { (configuration, texts) throws(ValueFault) in
                for text in texts { if let fault = NameBeyondASCII.fault(text) { throw fault } }
                for text in texts where text.isEmpty || text.contains(where: { $0 == "/" || $0 == ":" || $0 == " " }) {
                    throw ValueFault(
                        "\"\(text)\" is no name; it takes one without scheme and port, as apus.example.org"
                    )
                }
                configuration.admin.names = texts.map { $0.lowercased() }
            },
            show: { $0.admin.names.isEmpty ? "none" : $0.admin.names.joined(separator: ",") }
        ),
        Setting(
            key: "control",
            flag: "control",
            group: .admin,
            shape: .value("PATH"),
            help: "The socket of apus reload, drain, status and stop: auto, a path, or none.",
            reason:
                "A UNIX socket that only the user of the process, and root, may open; each connection is asked who it is. auto is "
                + "`control.sock` in the folder that systemd made (`RUNTIME_DIRECTORY`), in `/run/apus` where that is this user's, or in "
                + "`apus` under `XDG_RUNTIME_DIR`; where there is none of these there is no socket, and signals do. A second Apus of "
                + "one user has its number in the name.",
            example: "/run/apus/control.sock",
            apply: { (configuration, texts) throws(ValueFault) in
                let text = texts.last ?? ""
                guard let place = ControlPlace(parsing: text) else {
                    throw ValueFault(
                        "\"\(text)\" is neither auto, none nor the absolute path of a socket, of 97 bytes at most"
                    )
                }
                configuration.control = place
            },
            show: { $0.control.description }
        ),
        .count(
            "recorder.transactions",
            "record-transactions",
            \.recorder.transactions,
            .admin,
            help: "How many of the last requests and tunnels to hold in memory.",
            reason:
                "What the page lists and `apus record` writes. Beside them a quarter as many of those that were refused or failed. All "
                + "threads together; `0` turns the recorder off.",
            example: "10000",
            zero: "none"
        ),
        .size(
            "recorder.memory",
            "record-memory",
            \.recorder.memory,
            .admin,
            help: "How much memory recorded requests may take.",
            reason:
                "Two thousand heads of 2 KiB; the oldest are overwritten. Taken as it is needed, in steps of 64 KiB. While bodies are "
                + "recorded, half of it is theirs.",
            example: "32MiB"
        ),
        .size(
            "recorder.bodies",
            "record-bodies",
            \.recorder.bodies,
            .admin,
            help: "How much of the content of each request and response to record.",
            reason:
                "Off, for nothing in a body is redacted: passwords and tokens in it are shown to whoever may see the page, and written "
                + "into every recording. At most 1 MiB, and never more than half of a thread's share of the memory for bodies: raise "
                + "`recorder.memory` with it. As much of a body is copied as is recorded; tunnels are not recorded.",
            example: "64KiB",
            zero: "none"
        ),
        Setting(
            key: "recorder.folder",
            flag: "record-folder",
            group: .admin,
            shape: .value("PATH"),
            help: "The folder of recordings that USR2, or too many errors, have written.",
            reason: "HTTP archives, each with a name of its own; only the user of the process may read them.",
            example: "/var/log/apus",
            apply: { (configuration, texts) throws(ValueFault) in configuration.recorder.folder = texts.last ?? "" },
            show: { $0.recorder.folder },
            known: .folder
        ),
        Setting(
            key: "recorder.error-rate",
            flag: "record-error-rate",
            group: .admin,
            shape: .value("SHARE"),
            help: "Write a recording when more than this share of requests fails.",
            reason:
                "Of those that ended in the last ten seconds, 20 at least, with a 5xx status. Once in five minutes, and after it was better. "
                + "`0%` never does.",
            example: "5%",
            apply: { (configuration, texts) throws(ValueFault) in
                configuration.recorder.errorRate = try Percentage.parse(texts.last ?? "")
            },
            show: { Percentage.describe($0.recorder.errorRate) }
        ),
    ]
}
