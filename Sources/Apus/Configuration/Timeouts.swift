extension ProxyConfiguration {
    /// Deadlines. They are kept in ticks of 100 ms, so one may pass that much late.
    public struct Timeouts: Sendable, Equatable {
        /// For a request head, from its first byte (of a connection's first: from accept) to its end: 15 s, then 408.
        /// Apache gives 20 s, HAProxy's manual suggests 10 s.
        public var head: Duration = .seconds(15)

        /// For the header of the PROXY protocol on a listener that wants one, from accept to its end: 3 s, then 408, or a silent end where no
        /// byte came. Envoy's filter for first bytes gives 15 s, but a balancer sends the header with its first segment.
        public var announcement: Duration = .seconds(3)

        /// For a policy of the embedder to decide: 5 s, then 500.
        public var policy: Duration = .seconds(5)

        /// For an ``Authenticator`` to verify credentials: 5 s, then 503. A hash takes some 50 ms, behind others longer.
        public var authentication: Duration = .seconds(5)

        /// For a name look-up: 5 s, then 504 `dns_timeout`; the resolver's own wait for one answer (`resolv.conf`).
        public var lookUp: Duration = .seconds(5)

        /// For reaching an origin by all of its addresses: 10 s, then 504 `connection_timeout`. Envoy takes 5 s, Go 30 s.
        public var connect: Duration = .seconds(10)

        /// Until the next address is tried beside one that does not answer: 250 ms, by RFC 8305 §5 (10 ms to 2 s).
        public var nextAddress: Duration = .milliseconds(250)

        /// From the end of a request to the first byte of its answer: 60 s, then 504; as nginx's `proxy_read_timeout`.
        public var firstByte: Duration = .seconds(60)

        /// The span over which a request body must keep its least rate, ``Limits/minimumBodyRate``: 60 s, then 408; as nginx's
        /// `client_body_timeout`.
        public var requestBody: Duration = .seconds(60)

        /// For a response body without a byte: 5 min, as Envoy's `stream_idle_timeout`; event streams are silent for long.
        public var responseBody: Duration = .seconds(300)

        /// For a peer that does not read what waits for it: 60 s, as nginx's `send_timeout`.
        public var stall: Duration = .seconds(60)

        /// For a client connection between requests: 60 s. nginx takes 75 s, Squid 2 min.
        public var clientIdle: Duration = .seconds(60)

        /// For a pooled connection to an origin: 60 s, as nginx's and Squid's.
        public var upstreamIdle: Duration = .seconds(60)

        /// For the first byte of an answer whose client has sent FIN, from then or from when its request was sent, whichever is later:
        /// 15 s, then 504. Such a client may have gone, or wait for its answer (RFC 9112 §9.6): who sets less loses slow answers.
        public var halfClosedClient: Duration = .seconds(15)

        /// For a tunnel without a byte either way: 1 h, as HAProxy's manual suggests for `timeout tunnel`.
        public var tunnelIdle: Duration = .seconds(3600)

        /// For a tunnel that one side has closed, without a byte the other way: 5 min.
        public var tunnelHalfClose: Duration = .seconds(300)

        /// For reading on after an early answer without a byte, so that it reaches the client (RFC 9112 §9.6): 2 s, as Apache. While
        /// bytes come it takes 30 s in all, or this long if that is more.
        public var linger: Duration = .seconds(2)

        /// For running exchanges and tunnels to end when the server stops: 30 s, as Squid and Kubernetes.
        public var drain: Duration = .seconds(30)

        /// The defaults.
        public init() {}
    }
}
