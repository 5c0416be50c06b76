internal import Apus

extension Settings {
    static let authentication: [Setting] = [
        .choice(
            "authentication.required",
            "auth",
            \.authentication.required,
            .access,
            placeholder: "WHEN",
            help:
                "Who has to show credentials: always (everybody), rules (whom a rule asks), auto (as rules "
                + "ask; everybody where there are none).",
            reason:
                "`auto` asks everybody, or where there are rules those of whom a rule asks them. It means nothing where there are "
                + "no users.",
            example: "always"
        ),
        .time(
            "authentication.lifetime",
            "auth-lifetime",
            \.authentication.lifetime,
            .access,
            help: "How long credentials that were verified are taken without verifying them again.",
            reason:
                "Verifying a password is slow on purpose. A user who is removed is served for this long at most, or until the "
                + "next reload. Squid's `credentialsttl` is 2 h. `0s` verifies for every request.",
            example: "1m"
        ),
        .count(
            "authentication.entries",
            "auth-entries",
            \.authentication.entries,
            .access,
            help: "How many users with verified credentials each thread remembers.",
            reason: "Some 200 bytes each; those longest unused are verified again.",
            example: "16384"
        ),
        .count(
            "authentication.failures",
            "auth-failures",
            \.authentication.failures,
            .access,
            help: "How many wrong credentials a client may show; then 429.",
            reason:
                "Guessing must not be for free. A client is an IPv4 address or an IPv6 network of 64 bits; who is remembered as "
                + "valid is served all the while.",
            example: "5",
            zero: "no bound"
        ),
        .time(
            "authentication.failure-interval",
            "auth-failure-interval",
            \.authentication.failureInterval,
            .access,
            help: "How long until one wrong attempt is forgotten.",
            reason: "Ten guesses a minute find no good password; a person who mistypes hardly notices.",
            example: "30s"
        ),
    ]
}
