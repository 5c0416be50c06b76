internal import Apus

extension Settings {
    static let serverNames: [Setting] = [
        .choice(
            "sni.mode",
            "sni",
            \.serverNames.mode,
            .serverNames,
            placeholder: "MODE",
            help:
                "What to do with a tunnel whose TLS names another host than CONNECT did, or one that rules "
                + "deny: off, report or enforce.",
            reason:
                "A host that serves many names answers for any of them: a client that says one name to the proxy and another "
                + "one to the host gets around every rule by name (domain fronting). Nothing is decrypted: the first message "
                + "of TLS says the name in the clear. Where a rule by name allowed the tunnel it must be CONNECT's; elsewhere "
                + "it may be any that no rule denies.",
            example: "report"
        ),
        .choice(
            "sni.for",
            "sni-for",
            \.serverNames.scope,
            .serverNames,
            placeholder: "WHICH",
            help:
                "Which tunnels must name CONNECT's host inside: those that a rule by name allowed (rules), "
                + "or all to a name (all).",
            reason: "Where a rule without names allowed the tunnel, it is enough that no rule denies the name inside.",
            example: "all"
        ),
        .choice(
            "sni.missing",
            "sni-missing",
            \.serverNames.missing,
            .serverNames,
            placeholder: "WHAT",
            help: "TLS that names no host, where it must name CONNECT's: allow or deny.",
            reason:
                "Leaving the name out is as easy as naming another host, and every client of today sends one (RFC 8446 §9.2).",
            example: "allow"
        ),
        .choice(
            "sni.encrypted",
            "sni-encrypted",
            \.serverNames.encrypted,
            .serverNames,
            placeholder: "WHAT",
            help:
                "An encrypted ClientHello (ECH) whose visible name is the right one, where it must name "
                + "CONNECT's host: allow or deny.",
            reason:
                "Browsers send an encrypted part that means nothing with every ClientHello (GREASE, RFC 9849 §6.2), which looks "
                + "like a true one: to deny it is to deny them. The outer name is judged either way.",
            example: "deny"
        ),
        .choice(
            "sni.not-tls",
            "sni-not-tls",
            \.serverNames.notTLS,
            .serverNames,
            placeholder: "WHAT",
            help:
                "Other protocols than TLS in a tunnel whose rule has no `tls`, and where rules read plain requests "
                + "to the same host: allow or deny.",
            reason:
                "Plain HTTP passes by what rules say of requests, and names its host in a field, which can be any. A rule for "
                + "another protocol, such as SSH, says `tls: any`; servers that speak first are heard either way. Without rules "
                + "nothing is refused, unless `sni.for` is `all`.",
            example: "allow"
        ),
        .choice(
            "sni.denials-missing",
            "sni-denials-missing",
            \.serverNames.denials.missing,
            .serverNames,
            placeholder: "WHAT",
            help: "TLS that names no host, where only rules that deny speak of names: allow or deny.",
            reason: "A client that goes to an address has no name to send (RFC 6066 §3). The record says `unjudged`.",
            example: "deny"
        ),
        .choice(
            "sni.denials-encrypted",
            "sni-denials-encrypted",
            \.serverNames.denials.encrypted,
            .serverNames,
            placeholder: "WHAT",
            help: "An encrypted ClientHello (ECH), where only rules that deny speak of names: allow or deny.",
            reason:
                "As for `sni.encrypted`; the outer name is held against the rules either way. The record says `unjudged`.",
            example: "deny"
        ),
        .choice(
            "sni.denials-not-tls",
            "sni-denials-not-tls",
            \.serverNames.denials.notTLS,
            .serverNames,
            placeholder: "WHAT",
            help: "Other protocols than TLS, where only rules that deny speak of names: allow or deny.",
            reason:
                "A rule that denies some names says nothing of protocols. The name that plain HTTP asks for is not read; the "
                + "record says `unjudged`.",
            example: "deny"
        ),
        .size(
            "sni.limit",
            "max-client-hello",
            \.serverNames.limit,
            .serverNames,
            help: "How large a ClientHello, the first message of TLS, may be.",
            reason: "Browsers send 2 KiB with a post-quantum key share; it is held until it is whole.",
            example: "8KiB"
        ),
        .time(
            "sni.time",
            "timeout-client-hello",
            \.serverNames.time,
            .serverNames,
            help: "How long a ClientHello may take, from its first byte to its last.",
            reason: "A client writes it at once; a trickling one costs memory. One that says nothing is not hurried.",
            example: "5s"
        ),
    ]
}
