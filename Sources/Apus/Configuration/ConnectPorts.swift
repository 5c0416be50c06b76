extension ProxyConfiguration {
    /// The ports that a CONNECT request may name (RFC 9110 §9.3.6).
    public enum ConnectPorts: Sendable, Equatable {
        /// Every port from 1 to 65,535.
        case all
        /// These ports; an empty list refuses every CONNECT.
        case only([UInt16])

        /// Whether a tunnel to `port` may be asked for.
        public func contains(_ port: UInt16) -> Bool {
            switch self {
            case .all: port != 0
            case .only(let ports): ports.contains(port)
            }
        }
    }
}
