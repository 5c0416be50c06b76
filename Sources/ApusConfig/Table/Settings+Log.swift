internal import Apus

extension Settings {
    static let log: [Setting] = [
        .choice(
            "log.format",
            "log",
            \.log.format,
            .common,
            placeholder: "FORMAT",
            help: "Access log: auto, short, json, combined, squid or off.",
            reason:
                "auto writes short lines to a terminal and JSON elsewhere: to a person what can be read, to a collector what "
                + "can be parsed.",
            example: "json"
        ),
        .text(
            "log.file",
            "log-file",
            \.log.file,
            .common,
            placeholder: "PATH",
            help: "Append access lines to this file (reopened on USR1).",
            reason: "Standard output carries access lines and nothing else, as containers and systemd expect.",
            example: "/var/log/apus/access.log",
            absent: "standard output"
        ),
        .toggle(
            "log.redact-queries",
            "log-redact-queries",
            \.log.redactQueries,
            .log,
            help: "Write the query of a target as ?… in the log.",
            reason:
                "Off, as in Squid's and nginx's logs; queries may hold secrets, so switch it on where logs are shared. "
                + "Credentials are never written."
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
            help: "What a thread holds for a slow log; more is dropped and counted.",
            reason:
                "A slow disk must not slow requests: about 4,000 lines for each thread wait, the rest is dropped and counted.",
            example: "4MiB"
        ),
    ]
}
