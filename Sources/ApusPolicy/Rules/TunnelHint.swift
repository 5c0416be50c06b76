/// What would let another protocol than TLS through a tunnel that ended for it: what the log says of it, and a client on this machine is told.
public struct TunnelHint: Sendable, Hashable {
    /// In one sentence.
    public let text: String

    /// Tells it of the rule that allowed the tunnel.
    ///
    /// - Parameters:
    ///   - label: the rule's name or place; nil where no rule has decided.
    ///   - tls: what it says of protocols.
    public init(_ label: String?, _ tls: TunnelTLS?) {
        text =
            switch (label, tls) {
            case (nil, _): "--sni-not-tls allow lets other protocols pass."
            case (let label?, .any):
                "Its rule (\(label)) takes any protocol; one in front of it reads requests to this host and port, or "
                    + "--sni-denials-not-tls denies them."
            case (let label?, _):
                "Its rule (\(label)) takes TLS alone; write `tls: any` in it to let other protocols pass."
            }
    }
}
