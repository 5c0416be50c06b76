extension Hint {
    /// What would let another protocol than TLS through a tunnel that ended for it: what the log says of it, and a client on this machine
    /// is told.
    ///
    /// - Parameters:
    ///   - label: the name or place of the rule that allowed the tunnel; nil where no rule has decided.
    ///   - tls: what it says of protocols.
    package static func tunnel(_ label: String?, _ tls: TunnelTLS?) -> Hint {
        switch (label, tls) {
        case (nil, _): "\(.sniNotTLS, "allow") lets other protocols pass."
        case (let label?, .any):
            "Its rule (\(label)) takes any protocol; one in front of it reads requests to this host and port, or \(.sniDenialsNotTLS) denies them."
        case (let label?, _):
            "Its rule (\(label)) takes TLS alone; write `tls: any` in it to let other protocols pass."
        }
    }
}
