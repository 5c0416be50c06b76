internal import ApusAdvice
public import ApusPolicy

extension ProxyConfiguration {
    /// What the name inside a tunnel (the SNI of its TLS ClientHello) may be: the host of CONNECT, or any that the rules do not deny; see
    /// `ServerNameCheck`.
    public struct ServerNameSettings: Sendable, Equatable {
        /// In which tunnels the name must be the host of CONNECT. A tunnel to an address has no name to compare. Where it need not be, and
        /// a rule that denies by name could take the client, the rules are asked about the name inside.
        public enum Scope: String, Sendable, CaseIterable {
            /// Those that a rule allowed which speaks of names (`to: example.org`, `*.example.org`, a list).
            case rules
            /// Every tunnel to a name.
            case all
        }

        /// What becomes of a tunnel that is not what it should be; enforced by default, since a rule by name says little without.
        public var mode = ServerNameCheck.Mode.enforce

        /// In which tunnels the name must be that of CONNECT; those of rules by name by default.
        public var scope = Scope.rules

        /// A ClientHello without a name; denied by default, for leaving the name out is as easy as naming another host, and every
        /// client of today sends one (RFC 8446 §9.2).
        public var missing = ServerNameCheck.Handling.deny

        /// A ClientHello with an encrypted one inside (RFC 9849); allowed by default if its outer name is the host, because browsers
        /// send a meaningless one every time (GREASE).
        public var encrypted = ServerNameCheck.Handling.allow

        /// A tunnel without TLS whose rule does not say what it may hold (``Permission/tls``), or that one in front which reads plain
        /// requests to the same host and port could take, or where every name must be that of CONNECT; denied by default, for plain
        /// HTTP names its host in a field, and a path that no rule sees.
        public var notTLS = ServerNameCheck.Handling.deny

        /// What becomes of tunnels without a name to judge, where it need not be that of CONNECT and the rules are asked about it; all
        /// allowed by default, and recorded.
        public var denials = ServerNameCheck.Unnamed()

        /// How large a ClientHello may be, in bytes, headers of TLS records not counted: 16 KiB. Those of browsers take 2 KiB.
        public var limit = 16 << 10

        /// From the first byte of a ClientHello to its last one: 10 s. A client that sends nothing is not hurried by it.
        public var time: Duration = .seconds(10)

        /// The defaults.
        public init() {}

        /// The check that these make.
        var asked: ServerNameCheck {
            var check = ServerNameCheck()
            check.mode = mode
            check.missing = missing
            check.encrypted = encrypted
            check.notTLS = notTLS
            check.denials = denials
            return check
        }

        /// What is to be asked about a tunnel, and about a name inside it, to explain what becomes of them.
        package func question(_ name: String?) -> InsideQuestion {
            InsideQuestion(name: name, check: asked, isForAll: scope == .all)
        }
    }
}
