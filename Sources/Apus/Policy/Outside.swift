internal import ApusPolicy
internal import ApusWire

/// What is known of a tunnel from outside, and by which rule it was allowed: what is found inside is asked about with this.
struct Outside: BitwiseCopyable {
    let context: RequestContext
    let user: UInt32
    /// When its rules were asked, in seconds since 1970.
    let askedAt: UInt32
    /// The policy by which it was allowed, and the rule.
    var snapshot: UInt16
    var rule: UInt16

    /// The same, allowed by another rule.
    func by(_ rule: UInt16, of snapshot: UInt16) -> Outside {
        var outside = self
        (outside.rule, outside.snapshot) = (rule, snapshot)
        return outside
    }

    /// What the rules are asked, but for who it is.
    ///
    /// - Parameter words: of its CONNECT; a host that is an address is the address that is judged.
    func query(_ words: BufferedRequest) -> PolicyQuery {
        PolicyQuery(
            client: context.client,
            listener: context.listener,
            method: .connect,
            port: context.port,
            address: IPAddress.parse(words.bytes.span, words.hostRange) ?? context.address,
            time: Int64(askedAt)
        )
    }
}

extension Outside {
    /// A client's request that becomes a tunnel.
    init(_ client: ClientConnection) {
        self.init(
            context: client.context(now: 0).about(client.notes.upstream),
            user: client.permission.user,
            askedAt: client.permission.askedAt,
            snapshot: client.notes.snapshot,
            rule: client.notes.rule
        )
    }

    /// A tunnel, by the question that it was decided by, or by one of another time.
    init(_ tunnel: TunnelConnection, askedAt: UInt32? = nil) {
        self.init(
            context: tunnel.context(now: 0),
            user: tunnel.holds.user,
            askedAt: askedAt ?? tunnel.number,
            snapshot: tunnel.notes.snapshot,
            rule: tunnel.notes.rule
        )
    }
}
