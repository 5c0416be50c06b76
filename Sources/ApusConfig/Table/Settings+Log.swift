internal import Apus
internal import ApusReport

extension Settings {
    static let log: [Setting] = [
        .choice(
            "log.format",
            "log",
            \.log.format,
            .common,
            placeholder: "FORMAT",
            help: "Form of the access log: auto, short, json, combined, squid, or off for none.",
            reason:
                "auto writes short lines to a terminal and to the journal, and JSON elsewhere: to a person what can be read, to a collector what "
                + "can be parsed.",
            example: "json"
        ),
        Setting(
            key: "log.to",
            flag: "log-to",
            group: .log,
            shape: .value("SINK"),
            help: "Where access lines go: file, syslog, syslog:PATH, syslog:udp://ADDR:PORT or journald.",
            reason:
                "`file` is the file of `--log-file`, or standard output. `syslog` is /dev/log; a datagram a line, by RFC 5424. "
                + "`journald` is /run/systemd/journal/socket, with fields to search by; `journald:PATH` is another socket. See "
                + "the page \"Logs\".",
            example: "journald",
            apply: { (configuration, texts) throws(ValueFault) in
                configuration.log.sink = try LogSinkText.parse(texts.last ?? "")
            },
            show: { LogSinkText.describe($0.log.sink) },
            known: .words(["file", "syslog", "journald"])
        ),
        .choice(
            "log.facility",
            "log-facility",
            \.log.facility,
            .log,
            placeholder: "NAME",
            help: "Facility of syslog messages: user, daemon, local0 to local7.",
            reason: "The facilities that RFC 5424 leaves to a site; HAProxy's examples take `local0` too.",
            example: "daemon"
        ),
        .text(
            "log.file",
            "log-file",
            \.log.file,
            .common,
            placeholder: "PATH",
            help: "Append access lines to this file; USR1 opens it anew.",
            reason: "Standard output carries access lines and nothing else, as containers and systemd expect.",
            example: "/var/log/apus/access.log",
            absent: "standard output"
        ),
        .size(
            "log.rotate-size",
            "log-rotate-size",
            \.log.rotateSize,
            .log,
            help: "At this size, rename the file to .1 and begin a new one; 0: never.",
            reason: "Off, for logrotate is there on most machines and knows the day; it sends USR1.",
            example: "100MiB",
            zero: "never"
        ),
        .count(
            "log.rotate-keep",
            "log-rotate-keep",
            \.log.rotateKeep,
            .log,
            help: "How many renamed files to keep; .1 is the newest.",
            reason: "With 100 MiB each, some two million lines.",
            example: "10"
        ),
        .toggle(
            "log.redact-queries",
            "log-redact-queries",
            \.log.redactQueries,
            .log,
            help: "Write ?… in the log in place of a URL's query.",
            reason:
                "Off: the values of parameters whose names are well known to hold secrets, as `token` and `password`, are never "
                + "written unless `secret-names` is `none`. Other parameters may hold secrets too, so switch it on where logs are "
                + "shared. Credentials are never written."
        ),
        Setting(
            key: "log.secret-names",
            flag: "log-secret-names",
            group: .log,
            shape: .list("WORD"),
            help: "Do not show the values of header fields whose names hold such a word.",
            reason:
                "On the page, in recordings and in the answer to TRACE. `standard` stands for auth, token, secret, key, session, cookie, "
                + "jwt, password, credential, signature and assertion; `none` shows all but credentials and the values of cookies, in "
                + "queries too.",
            example: "standard,tenant",
            apply: { (configuration, texts) throws(ValueFault) in
                let standard = SecretNames.standard.words
                let words = texts == ["none"] ? [] : texts.flatMap { $0 == "standard" ? standard : [$0] }
                for text in words where text.isEmpty || !text.utf8.allSatisfy(Settings.isNameByte) {
                    throw ValueFault("\"\(text)\" is no part of a field's name; it takes letters, digits, - and _")
                }
                configuration.log.secretNames = words.map { $0.lowercased() }
            },
            show: { configuration in
                let words = configuration.log.secretNames
                if words == SecretNames.standard.words { return "standard" }
                return words.isEmpty ? "none" : words.joined(separator: ",")
            },
            known: .words(["standard", "none"])
        ),
        .choice(
            "log.color",
            "log-color",
            \.log.color,
            .log,
            placeholder: "WHEN",
            help: "Colour short lines: auto, always or never.",
            reason: "auto colours on a terminal, unless NO_COLOR is set (no-color.org).",
            example: "never"
        ),
        .size(
            "log.buffer",
            "log-buffer",
            \.log.buffer,
            .log,
            help: "How much may wait for a slow log, 128KiB at least; more is dropped and counted.",
            reason: "A slow disk must not slow requests: about 2,500 lines wait, the rest is dropped and counted.",
            example: "4MiB"
        ),
    ]

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
    }
}
