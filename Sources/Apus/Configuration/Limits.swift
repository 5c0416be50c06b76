extension ProxyConfiguration {
    /// Sizes in bytes and counts that bound what a peer can make the server hold. A count of 0 means what its line says.
    public struct Limits: Sendable, Equatable {
        /// Whose requests an idle connection to an origin serves.
        public enum IdleSharing: String, Sendable, Equatable, CaseIterable {
            /// Everybody's.
            case all
            /// Those of the user whose request it served, or of the client (an IPv4 address, an IPv6 network of 64 bits) where there
            /// was none.
            case user
        }

        /// The request line, in bytes: 16 KiB, then 414. RFC 9112 §3 asks for 8,000 at least; HAProxy's buffer has 16 KiB.
        public var requestLine = 16 << 10

        /// One field line of a request, in bytes, then 431: 0 (the default) lets one line take the whole head. Kerberos tickets and JSON
        /// web tokens of some 16 KiB and more are in use.
        public var fieldLine = 0

        /// A request head in all, in bytes: 64 KiB, then 431; as Squid's `request_header_max_size`.
        public var requestHead = 64 << 10

        /// The field lines of one head: 256, then 431 (502 in a response). Apache takes 100, HAProxy 101.
        public var fields = 256

        /// A response head in all, in bytes: 128 KiB, then 502; as Traffic Server's `response_header_max_size`.
        public var responseHead = 128 << 10

        /// A trailer section, in bytes: 16 KiB, then 400 (502 in a response); as Node.js bounds header and trailer sections.
        public var trailers = 16 << 10

        /// The chunk extensions of one message together, in bytes: 4 KiB, then 400 (502 in a response). Tomcat takes 8 KiB;
        /// nobody is known to send any.
        public var chunkExtensions = 4 << 10

        /// The least rate of a request body, in bytes a second, over each ``Timeouts/requestBody``: 240, as Kestrel's; 0 asks
        /// for any byte at all.
        public var minimumBodyRate = 240

        /// What is read and thrown away after the answer to a client that is not served, in bytes: 1 MiB. Whoever is served is read
        /// on within ``Timeouts/linger``.
        public var linger = 1 << 20

        /// Open client connections: 0 (the default) derives the cap from the descriptors that the process may open.
        public var connections = 0

        /// Open connections of one client: 1,024, then 429; clients on loopback are exempt; 0 lifts the cap.
        public var connectionsPerClient = 1024

        /// How many bits of an IPv6 address name one client, wherever clients are counted: 64, what one subscriber has at least (RFC 6177
        /// §2). An address that holds an IPv4 one, v4-mapped or by NAT64, counts as that.
        public var ipv6Prefix = 64

        /// Open tunnels (CONNECT and Upgrade): 0 (the default) derives the cap from the descriptors, then 503.
        public var tunnels = 0

        /// Open connections to one origin, idle and busy: 0 (the default) sets no cap, as Traffic Server does; else 503.
        public var originConnections = 0

        /// Idle connections kept for one origin, over all threads: 256. nginx documents 32 a worker; Go's default of 2 makes
        /// busy proxies dial again and again. 0 keeps none.
        public var idlePerOrigin = 256

        /// Idle connections kept in all: 2,048. 0 keeps none.
        public var idleConnections = 2048

        /// Whose requests an idle connection serves: everybody's, as in nginx and Squid. Apart, no answer that an origin puts on the wrong
        /// connection reaches another user; more connections are opened.
        public var idleSharing = IdleSharing.all

        /// Pipes for `splice(2)` in all: 64 of 1 MiB, which is what Linux gives an unprivileged user (`pipe-user-pages-soft`);
        /// what finds none is copied. 0 copies always.
        public var pipes = 64

        /// The size asked for such a pipe, in bytes: 1 MiB, Linux's `pipe-max-size`; less is taken where it is refused.
        public var pipeSize = 1 << 20

        /// The defaults.
        public init() {}

        /// The same as the counters take it.
        package var clientBits: UInt8 { UInt8(clamping: max(1, ipv6Prefix)) }
    }
}
