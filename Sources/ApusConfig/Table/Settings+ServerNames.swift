internal import Apus

extension Settings {
    static let serverNames: [Setting] = [
        .choice(
            "sni.mode",
            "sni",
            \.serverNames.mode,
            .serverNames,
            placeholder: "MODE",
            help: "A tunnel with another name inside than CONNECT's: off, report or enforce.",
            reason:
                "A host that serves many names answers for any of them: a client that says one name to the proxy and another "
                + "one to the host gets around every rule by name (domain fronting). Nothing is decrypted: the first message "
                + "of TLS says the name in the clear.",
            example: "report"
        ),
        .choice(
            "sni.for",
            "sni-for",
            \.serverNames.scope,
            .serverNames,
            placeholder: "WHICH",
            help: "The tunnels looked at: rules (allowed by a rule by name) or all (to a name).",
            reason: "Where no rule speaks of names, any name may be reached anyway.",
            example: "all"
        ),
        .choice(
            "sni.missing",
            "sni-missing",
            \.serverNames.missing,
            .serverNames,
            placeholder: "WHAT",
            help: "TLS without a name in such a tunnel: allow or deny.",
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
            help: "TLS with an encrypted ClientHello, outer name right: allow or deny.",
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
            help: "Other protocols than TLS in such a tunnel: allow or deny.",
            reason:
                "Plain HTTP names its host in a field, which can be any. Allow it where rules by name open ports of other "
                + "protocols, such as SSH; servers that speak first are heard either way.",
            example: "allow"
        ),
        .size(
            "sni.limit",
            "max-client-hello",
            \.serverNames.limit,
            .serverNames,
            help: "How large a ClientHello may be.",
            reason: "Browsers send 2 KiB with a post-quantum key share; it is held until it is whole.",
            example: "8KiB"
        ),
        .time(
            "sni.time",
            "timeout-client-hello",
            \.serverNames.time,
            .serverNames,
            help: "For a ClientHello, from its first byte to its last one.",
            reason: "A client writes it at once; a trickling one costs memory. One that says nothing is not hurried.",
            example: "5s"
        ),
    ]
}
