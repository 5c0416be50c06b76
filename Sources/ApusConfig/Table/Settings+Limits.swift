internal import Apus

extension Settings {
    static let limits: [Setting] = heads + connections

    private static let heads: [Setting] = [
        .size(
            "limits.request-line",
            "max-request-line",
            \.limits.requestLine,
            .limits,
            help: "How long a request line may be; then 414.",
            reason: "RFC 9112 §3 asks for 8,000 bytes at least; HAProxy's buffer holds 16 KiB.",
            example: "8KiB"
        ),
        .size(
            "limits.field-line",
            "max-field-line",
            \.limits.fieldLine,
            .limits,
            help: "How long one header field line of a request may be; then 431.",
            reason: "Kerberos tickets and JSON web tokens are longer than the 8 and 16 KiB that servers take.",
            example: "16KiB",
            zero: "the whole head"
        ),
        .size(
            "limits.request-head",
            "max-request-head",
            \.limits.requestHead,
            .limits,
            help: "How large the whole head of a request may be; then 431.",
            reason: "Squid's request_header_max_size.",
            example: "32KiB"
        ),
        .count(
            "limits.fields",
            "max-fields",
            \.limits.fields,
            .limits,
            help: "How many header field lines a head may have; then 431 (502 in a response).",
            reason: "Apache takes 100, HAProxy 101; some origins send more.",
            example: "100"
        ),
        .size(
            "limits.response-head",
            "max-response-head",
            \.limits.responseHead,
            .limits,
            help: "How large the whole head of a response may be; then 502.",
            reason: "Traffic Server's response_header_max_size; Chromium takes 256 KiB.",
            example: "64KiB"
        ),
        .size(
            "limits.trailers",
            "max-trailers",
            \.limits.trailers,
            .limits,
            help: "How large the trailer section of a chunked body may be.",
            reason: "Node.js's limit of a header or trailer section.",
            example: "8KiB"
        ),
        .size(
            "limits.chunk-extensions",
            "max-chunk-extensions",
            \.limits.chunkExtensions,
            .limits,
            help: "How large the chunk extensions of one message may be together.",
            reason:
                "Tomcat takes 8 KiB. Nobody is known to send any, but a few bytes of body in each of many long lines is an "
                + "attack.",
            example: "1KiB"
        ),
        .size(
            "limits.body-rate",
            "min-body-rate",
            \.limits.minimumBodyRate,
            .limits,
            help: "How much a request body must bring each second; 0: any byte at all.",
            reason: "Kestrel's MinRequestBodyDataRate; Apache takes 500 B.",
            example: "500B"
        ),
        .size(
            "limits.linger",
            "max-linger",
            \.limits.linger,
            .limits,
            help: "Bytes read and dropped after the answer to a client that is not served.",
            reason:
                "Whoever is served is read to the end, within --timeout-linger: else a large upload loses its answer.",
            example: "256KiB"
        ),
    ]

    private static let connections: [Setting] = [
        .count(
            "limits.connections",
            "max-connections",
            \.limits.connections,
            .limits,
            help: "How many client connections may be open; then 503.",
            reason:
                "From the descriptors that the process may open (RLIMIT_NOFILE, raised to its hard limit) less a reserve.",
            example: "10000",
            zero: "by open files"
        ),
        .count(
            "limits.connections-per-client",
            "max-connections-per-client",
            \.limits.connectionsPerClient,
            .limits,
            help: "How many connections one client may have open; then 429. 0: no cap.",
            reason: "Chromium opens 32 to a proxy; an office behind one address is the reason for more. "
                + "Clients on loopback are exempt.",
            example: "256"
        ),
        .count(
            "limits.ipv6-prefix",
            "ipv6-prefix",
            \.limits.ipv6Prefix,
            .limits,
            help: "How many bits of an IPv6 address name one client where clients are counted.",
            reason:
                "One subscriber has a /64 at least (RFC 6177 §2). An address that holds an IPv4 one, v4-mapped or by NAT64, "
                + "counts as that.",
            example: "56"
        ),
        .count(
            "limits.tunnels",
            "max-tunnels",
            \.limits.tunnels,
            .limits,
            help: "How many tunnels may be open; then 503.",
            reason: "From the descriptors that the process may open: a tunnel takes two, for up to hours.",
            example: "5000",
            zero: "by open files"
        ),
        .count(
            "limits.connections-per-origin",
            "max-connections-per-origin",
            \.limits.originConnections,
            .limits,
            help: "How many connections to one origin may be open; then 503. 0: no cap.",
            reason: "As Traffic Server's per_server.connection.max: what clients ask for is theirs to ask.",
            example: "100",
            zero: "no cap"
        ),
        .count(
            "limits.idle-per-origin",
            "max-idle-per-origin",
            \.limits.idlePerOrigin,
            .limits,
            help: "How many idle connections to keep for one origin.",
            reason: "nginx's manual shows 32 a worker; Go's default of 2 makes busy proxies dial again and again.",
            example: "32"
        ),
        .count(
            "limits.idle-connections",
            "max-idle-connections",
            \.limits.idleConnections,
            .limits,
            help: "How many idle connections to keep to all origins.",
            reason: "Each costs two ends a descriptor and no buffer.",
            example: "512"
        ),
        .choice(
            "limits.idle-sharing",
            "idle-sharing",
            \.limits.idleSharing,
            .limits,
            placeholder: "WHOM",
            help: "Whose requests an idle connection serves: all, user.",
            reason:
                "`all`, as in nginx and Squid. With `user` it serves the user whose request it served before, or the client where there "
                + "was none: what an origin puts on the wrong connection then reaches nobody else. It opens more connections.",
            example: "user"
        ),
        .count(
            "limits.pipes",
            "max-pipes",
            \.limits.pipes,
            .limits,
            help: "How many pipes move large bodies without copying them (splice); 0: copy.",
            reason:
                "64 of 1 MiB are what Linux gives an unprivileged user (pipe-user-pages-soft); what finds none is copied.",
            example: "16"
        ),
        .size(
            "limits.pipe-size",
            "max-pipe-size",
            \.limits.pipeSize,
            .limits,
            help: "How large such a pipe should be.",
            reason: "Linux's pipe-max-size; where it is refused, the usual 64 KiB are taken.",
            example: "256KiB"
        ),
    ]
}
