import ApusPolicy

extension Rule {
    /// Ports of protocols in which TLS is not what a client says first: FTP, SSH, Telnet, mail with STARTTLS, news, LDAP, databases, XMPP,
    /// Redis, git.
    private static let plainPorts: Set<UInt16> = [
        21, 22, 23, 25, 110, 119, 143, 389, 587, 3306, 5222, 5432, 6379, 9418,
    ]

    /// What is hardly meant about its tunnels; nil if there is nothing.
    var tunnelWarning: PolicyWarning.Kind? {
        guard case .allow(let permission) = action, !isReportOnly else { return nil }
        guard condition.takesTunnels else { return permission.tls == nil ? nil : .tlsWithoutTunnel }
        let edits = !permission.requestFields.isEmpty || !permission.responseFields.isEmpty
        switch permission.tls {
        case .required: return nil
        case .any: return edits ? .tlsWithEdits : nil
        case nil:
            // A range is no word about a protocol.
            let port = condition.ports.first { $0.count == 1 && Rule.plainPorts.contains($0.lowerBound) }
            return port.map { .plainPort($0.lowerBound) }
        }
    }
}

extension Condition {
    /// Whether it can match a tunnel, as far as path, method and scheme go.
    fileprivate var takesTunnels: Bool {
        paths.isEmpty && takesScheme(nil)
            && (methods.isEmpty || methods.contains("CONNECT"))
    }
}
