package import ApusPolicy

extension ProxyConfiguration {
    /// What rules may name, and where all else goes: by the default route, less what one of its parents leaves out.
    package var routes: RouteSettings {
        let names = route?.parents ?? []
        return RouteSettings(
            parents: parents.map(\.name),
            standard: route,
            bypass: parents.filter { names.contains($0.name) }.flatMap(\.bypass)
        )
    }

    /// Whether a parent is given the names of hosts, and not their addresses: always by `socks5h`, never by `socks5`; by HTTP as
    /// ``ParentSettings/connectBy`` says, and unless it says anything where the default route names the parent.
    public func connectsByName(_ parent: ParentSettings) -> Bool {
        switch parent.scheme {
        case .socks5: false
        case .socks5h: true
        case .http:
            switch parent.connectBy {
            case .name?: true
            case .address?: false
            case nil: route?.hops.contains(parent.name) == true
            }
        }
    }
}
