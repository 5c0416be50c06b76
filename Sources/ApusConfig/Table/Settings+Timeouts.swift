internal import Apus

extension Settings {
    static let timeouts: [Setting] = [
        .time(
            "timeouts.head",
            "timeout-head",
            \.timeouts.head,
            help: "How long a client may take to send the whole head of a request; then 408.",
            reason:
                "A trickling client costs a descriptor for this long. Apache gives 20 s, HAProxy's manual suggests 10 s.",
            example: "10s"
        ),
        .time(
            "timeouts.proxy-header",
            "timeout-proxy-header",
            \.timeouts.announcement,
            help: "How long the header of the PROXY protocol may take where one is wanted; then 408.",
            reason: "A balancer sends it with its first segment; who does not is none.",
            example: "1s"
        ),
        .time(
            "timeouts.policy",
            "timeout-policy",
            \.timeouts.policy,
            help: "How long the policy of a program that embeds Apus may take to decide; then 503.",
            reason: "A policy that asks another service must not hold clients for long.",
            example: "1s"
        ),
        .time(
            "timeouts.authentication",
            "timeout-authentication",
            \.timeouts.authentication,
            help: "How long it may take to verify credentials; then 503.",
            reason: "A hash takes some 50 ms; at a rush they wait for each other.",
            example: "10s"
        ),
        .time(
            "timeouts.look-up",
            "timeout-look-up",
            \.timeouts.lookUp,
            help: "How long a name look-up may take; then 504.",
            reason: "What the system's resolver waits for one answer; Squid waits 30 s.",
            example: "2s"
        ),
        .time(
            "timeouts.connect",
            "timeout-connect",
            \.timeouts.connect,
            help: "How long it may take to connect to an origin, all its addresses tried; then 504.",
            reason: "Envoy takes 5 s, Go 30 s, Squid 60 s; three lost SYNs take 7 s.",
            example: "5s"
        ),
        .time(
            "timeouts.next-address",
            "timeout-next-address",
            \.timeouts.nextAddress,
            help: "How long an address may be silent before the next one is tried beside it.",
            reason: "RFC 8305 §5 recommends 250 ms (at least 10 ms, at most 2 s).",
            example: "100ms"
        ),
        .time(
            "timeouts.first-byte",
            "timeout-first-byte",
            \.timeouts.firstByte,
            help:
                "How long an origin may take from the end of a request, or from an interim answer (1xx), to "
                + "the first byte of the next answer; then 504.",
            reason: "nginx's proxy_read_timeout.",
            example: "2m"
        ),
        .time(
            "timeouts.request-body",
            "timeout-request-body",
            \.timeouts.requestBody,
            help: "The time over which a request body must keep up --min-body-rate; then 408.",
            reason: "nginx's client_body_timeout; with a least rate, so that a trickle does not last for ever.",
            example: "30s"
        ),
        .time(
            "timeouts.response-body",
            "timeout-response-body",
            \.timeouts.responseBody,
            help: "How long a response body may bring no byte.",
            reason: "Envoy's stream_idle_timeout: event streams and long polls are silent for long.",
            example: "15m"
        ),
        .time(
            "timeouts.stall",
            "timeout-stall",
            \.timeouts.stall,
            help: "How long a peer may leave unread what waits for it.",
            reason: "nginx's send_timeout.",
            example: "30s"
        ),
        .time(
            "timeouts.client-idle",
            "timeout-client-idle",
            \.timeouts.clientIdle,
            help: "How long a client's connection may be idle between requests.",
            reason: "nginx takes 75 s, Squid 120 s; an idle connection costs a descriptor and no buffer.",
            example: "30s"
        ),
        .time(
            "timeouts.upstream-idle",
            "timeout-upstream-idle",
            \.timeouts.upstreamIdle,
            help: "How long an unused connection to an origin is kept.",
            reason:
                "nginx and Squid take 60 s, Go 90 s; origins often close after 5 to 75 s themselves. Kept for a shorter time where the origin says so: `Keep-Alive: timeout=5`.",
            example: "15s"
        ),
        .time(
            "timeouts.half-closed-client",
            "timeout-half-closed-client",
            \.timeouts.halfClosedClient,
            help: "How long the first byte of an answer may take once its client has ended its side.",
            reason:
                "From the client's FIN, or from when its request was sent if that is later. Most such clients have gone, but a FIN does not say so (RFC 9112 §9.6): `nc -N` and scripts like it still read, and a small value costs them every answer that is slower.",
            example: "1m"
        ),
        .time(
            "timeouts.tunnel-idle",
            "timeout-tunnel-idle",
            \.timeouts.tunnelIdle,
            help: "How long a tunnel may bring no byte either way.",
            reason:
                "What HAProxy's manual suggests for `timeout tunnel`; an idle tunnel costs two descriptors and no buffer.",
            example: "15m"
        ),
        .time(
            "timeouts.tunnel-half-close",
            "timeout-tunnel-half-close",
            \.timeouts.tunnelHalfClose,
            help: "How long a tunnel with one side closed may bring no byte the other way.",
            reason:
                "Long enough for a peer that works on what it was sent, short enough that the forgotten ones go away.",
            example: "1m"
        ),
        .time(
            "timeouts.linger",
            "timeout-linger",
            \.timeouts.linger,
            help: "How long to read on after an early answer while no byte comes, so that it arrives.",
            reason:
                "Closing with unread input resets the connection and destroys the answer (RFC 9112 §9.6). While bytes come: 30 s in all, as nginx.",
            example: "5s"
        ),
        .time(
            "timeouts.drain",
            "timeout-drain",
            \.timeouts.drain,
            help: "How long running requests and tunnels have to end at a stop.",
            reason: "Kubernetes ends a pod after 30 s, Squid its clients.",
            example: "10s"
        ),
    ]
}
