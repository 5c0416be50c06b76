internal import ApusPolicy
internal import ApusWire

extension ProxyConfiguration {
    /// Checks parents and the default route.
    func checkParents(_ check: inout ConfigurationCheck) {
        if parents.count > RouteSettings.mostParents {
            check.report("parents", "\(parents.count) parents are too many; \(RouteSettings.mostParents) are the most")
        }
        let guarding = ownPlaces
        for (place, parent) in parents.enumerated() {
            let key = "parents.\(parent.name)"
            if parents[..<place].contains(where: { $0.name == parent.name }) {
                check.report(key, "two parents have this name; each needs its own")
            }
            parent.check(&check, key)
            if guarding.leads(to: parent) {
                check.report(key, "\(parent.place) is this proxy itself; a parent is another one")
            }
        }
        guard let route else { return }
        for fault in routes.faults(of: route) { check.report("route", "\(fault)") }
    }

    /// The own listeners, as far as they are known before a start.
    private var ownPlaces: DestinationGuard {
        var own = listeners
        if admin.isOn, case .address(let address) = admin.listen { own.append(address) }
        return DestinationGuard(
            ownListeners: own.compactMap { listener in IPAddress(listener.host).map { ($0, listener.port) } }
        )
    }
}

extension DestinationGuard {
    /// Whether a parent that is an address, or `localhost`, is one of the own listeners. What a name stands for is judged when it is dialled.
    fileprivate func leads(to parent: ParentSettings) -> Bool {
        let host = Array(parent.host.utf8)
        let isLocal = SpecialName.of(host.span, 0..<host.count) == .localhost
        let addresses = IPAddress(parent.host).map { [$0] } ?? (isLocal ? SpecialName.loopbackAddresses : [])
        return addresses.contains { judge($0, port: parent.port) == .ownListener }
    }
}

extension ParentSettings {
    /// `proxy.corp:8080`, `[::1]:1080`.
    package var place: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }

    fileprivate func check(_ check: inout ConfigurationCheck, _ key: String) {
        if let words = ParentSettings.whyNoName(name) { check.report(key, words) }
        let bytes = Array(host.utf8)
        if IPAddress(host) == nil, let fault = HostName.check(bytes.span, 0..<bytes.count) {
            check.report(key, "\"\(host)\" is no host: \(fault.sentence)")
        }
        if port == 0 { check.report(key, "0 is no port; it takes 1 to 65535") }
        if scheme != .http, connectBy != nil { check.report(key, "connect-by \(ParentSettings.connectByFault)") }
        for pattern in bypass where !pattern.isValid {
            check.report(key, "bypass: \"\(pattern)\" is no host that a request can have")
        }
        check.span(timeout, in: ParentSettings.timeouts, "\(key).timeout")
        check.count(health.failures, in: ParentHealth.failureCounts, "\(key).health.failures")
        check.span(health.backOff, in: ParentHealth.backOffs, "\(key).health.back-off")
        check.span(health.probe, in: ParentHealth.probes, "\(key).health.probe")
        if let credentials, let words = credentials.whyNot(for: scheme) { check.report(key, "credentials: \(words)") }
    }

    package static let timeouts = Duration.milliseconds(100)...Duration.seconds(60)

    /// Why a parent that speaks SOCKS has no such setting.
    package static let connectByFault =
        "says nothing to a SOCKS parent; socks5 is given addresses, socks5h names: write that one in url"

    /// Why a parent cannot be called so; nil if it can.
    package static func whyNoName(_ name: String) -> String? {
        if name == NamedRoute.directName { return "direct is the way without a parent, and no name of one" }
        let isName = name.utf8.allSatisfy {
            ByteClass.isDigit($0) || ($0 | 0x20) &- 0x61 < 26 || "-_.".utf8.contains($0)
        }
        guard 1...64 ~= name.utf8.count, isName else {
            return "\"\(name)\" is no name of a parent; letters, digits, - _ . make one, 64 at most"
        }
        return nil
    }
}

extension ParentHealth {
    package static let failureCounts = 1...1000
    package static let backOffs = Duration.milliseconds(100)...Duration.seconds(60)
    package static let probes = Duration.seconds(1)...Duration.seconds(3600)
}

extension ParentCredentials {
    /// Why they cannot be shown by a protocol; nil if they can. Nothing of them is in it.
    package func whyNot(for scheme: ParentSettings.Scheme) -> String? {
        if user.bytes.isEmpty { return "the user is missing" }
        if (user.bytes + password.bytes).contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            return "they have a control character"
        }
        switch scheme {
        case .http: return user.bytes.contains(0x3a) ? "the user has a colon, which ends it (RFC 7617 §2)" : nil
        case .socks5, .socks5h:
            let fits = user.bytes.count < 256 && 1...255 ~= password.bytes.count
            return fits ? nil : "SOCKS5 takes a user and a password of 1 to 255 bytes (RFC 1929 §2)"
        }
    }
}
