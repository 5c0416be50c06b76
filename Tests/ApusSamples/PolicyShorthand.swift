package import ApusAdvice
package import ApusPolicy
package import ApusWire

extension PolicyRules {
    /// Rules in order.
    package init(_ rules: Rule...) {
        self.init()
        self.rules = rules
    }
}

extension Rule {
    /// A rule that allows what the closure describes.
    package static func allow(_ edit: (inout Condition) -> Void = { _ in }) -> Rule {
        Rule(.allow(Permission()), when: Condition(edit))
    }

    /// A rule that allows what the closure describes, with tunnels of this kind.
    package static func allow(tls: TunnelTLS?, _ edit: (inout Condition) -> Void = { _ in }) -> Rule {
        var permission = Permission()
        permission.tls = tls
        return Rule(.allow(permission), when: Condition(edit))
    }

    /// A rule that denies what the closure describes.
    package static func deny(report: Bool = false, _ edit: (inout Condition) -> Void = { _ in }) -> Rule {
        Rule(.deny(Rejection()), when: Condition(edit), isReportOnly: report)
    }

    /// A rule that bounds what the closure describes.
    package static func limit(_ edit: (inout Condition) -> Void = { _ in }) -> Rule {
        var limit = UsageLimit()
        limit.connections = 1
        return Rule(.limit(limit), when: Condition(edit))
    }
}

extension Condition {
    package init(_ edit: (inout Condition) -> Void) {
        self.init()
        edit(&self)
    }
}

extension IPAddress {
    /// A client of the documentation's network.
    package static let client = IPAddress(v4: 0xc000_0201)
}

extension PolicyQuestion {
    /// A question of the usual client.
    package static func ask(
        _ host: String,
        _ method: String = "GET",
        port: UInt16 = 80,
        path: String = "/",
        from client: IPAddress = .client,
        user: String? = nil,
        groups: [String] = [],
        listener: String? = nil,
        address: String? = nil,
        time: Int64 = 0
    ) -> PolicyQuestion {
        PolicyQuestion(
            method,
            host: host,
            port: port,
            path: method == "CONNECT" ? "" : path,
            from: client,
            user: user.map { .named($0) } ?? .unknown,
            groups: groups,
            listener: listener,
            address: address.flatMap { IPAddress($0) },
            time: time
        )
    }
}
