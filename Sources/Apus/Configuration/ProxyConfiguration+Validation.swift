internal import ApusPolicy
internal import ApusWire

extension ProxyConfiguration {
    /// Heads are parsed where they were read, so one may be as large as a kept block, in bytes: 128 KiB.
    package static let largestHead = 128 << 10

    /// Checks every value, and those that must fit together.
    ///
    /// - Throws: ``ConfigurationFault`` with all that is wrong.
    public func validate() throws(ConfigurationFault) {
        var check = ConfigurationCheck()
        checkAccess(&check)
        checkParents(&check)
        serverNames.check(&check)
        reload.check(&check)
        authentication.check(&check)
        limits.check(&check)
        timeouts.check(&check)
        names.check(&check)
        log.check(&check)
        admin.check(&check)
        recorder.check(&check)
        if !check.problems.isEmpty { throw ConfigurationFault(problems: check.problems) }
    }

    private func checkAccess(_ check: inout ConfigurationCheck) {
        checkListeners(&check)
        check.count(threads, in: 0...1024, "threads")
        if let user, user.isEmpty || user.hasPrefix("-") || user.contains(where: { " :/\0".contains($0) }) {
            check.report("run-as", "\"\(user)\" is the name of no user")
        }
        if case .only(let ports) = connectPorts, ports.contains(0) {
            check.report("connect-ports", "0 is no port; it takes 1 to 65535")
        }
        for (key, networks) in [("allow-to", allowTo), ("allow-from", allowFrom)] {
            for network in networks {
                do { _ = try CIDR(network) } catch { check.report(key, "\(error)") }
            }
        }
        if let viaPseudonym, !Self.isToken(viaPseudonym) {
            check.report(
                "via-pseudonym",
                "\"\(viaPseudonym)\" is no token (RFC 9110 §5.6.2); letters, digits, - . _ ~ are safe, 64 at most"
            )
        }
    }

    /// RFC 9110 §5.6.2, up to 64 bytes.
    private static func isToken(_ text: String) -> Bool {
        1...64 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// What may be used but deserves a word at start: each a sentence for standard error, which names settings by their keys.
    public var warnings: [String] { warnings(admitsOthers: false) }

    /// The same, where rules or credentials may let others in whom ``allowFrom`` does not name.
    package func warnings(admitsOthers: Bool) -> [String] {
        var warnings = log.warnings(settingNames)
        for listener in listeners where options(of: listener).proxyProtocol.contains(where: \.isEverything) {
            warnings.append(
                "whoever can connect to \(listener) may say which address he has: its proxy-protocol names every network"
            )
        }
        guard let first = listeners.first(where: { !isLoopback($0) }) else { return warnings }
        func warn(_ warning: Hint) { warnings.append(warning.text(settingNames)) }
        let open = "others can connect to \(first)"
        if allowFrom.isEmpty, !admitsOthers {
            warn("\(open), but nobody is served there until \(.allowFrom) names a network")
        }
        for network in allowFrom where network.hasSuffix("/0") {
            warn("\(.allowFrom, network) serves everybody who can connect to \("\(first)"): this is an open proxy")
        }
        if allowPrivate { warn("\(open), and \(.allowPrivate) lets them into your private networks") }
        if !allowTo.isEmpty {
            warn("\(open), and \(.allowTo) lets them into \(allowTo.joined(separator: ", "))")
        }
        return warnings
    }
}

extension ProxyConfiguration.AdminSettings {
    func check(_ check: inout ConfigurationCheck) {
        guard isOn, !listen.isLocal, tokenFile == nil else { return }
        check.report(
            "admin.listen",
            "others can connect to \(listen): name the file of a token that they must show (`admin.token-file`), "
                + "or listen on 127.0.0.1"
        )
    }
}

extension ProxyConfiguration.RecorderSettings {
    func check(_ check: inout ConfigurationCheck) {
        check.count(transactions, in: 0...(1 << 20), "recorder.transactions")
        check.count(memory, in: 0...(1 << 32), "recorder.memory")
        check.count(bodies, in: 0...(1 << 20), "recorder.bodies")
        if folder.isEmpty { check.report("recorder.folder", "the name of a folder is missing") }
        if !(0...1).contains(errorRate) {
            check.report("recorder.error-rate", "\(errorRate) is no share; it takes 0 to 1")
        }
    }
}

extension ProxyConfiguration.Limits {
    func check(_ check: inout ConfigurationCheck) {
        let head = ProxyConfiguration.largestHead
        let many = 1 << 24
        check.count(requestLine, in: 64...head, "limits.request-line")
        if fieldLine != 0 { check.count(fieldLine, in: 64...head, "limits.field-line") }
        check.count(requestHead, in: 128...head, "limits.request-head")
        check.atMost(requestLine, requestHead, "limits.request-line", of: "a whole request head")
        check.atMost(fieldLine, requestHead, "limits.field-line", of: "a whole request head")
        check.count(fields, in: 1...4096, "limits.fields")
        check.count(responseHead, in: 128...head, "limits.response-head")
        check.count(trailers, in: 0...head, "limits.trailers")
        check.count(chunkExtensions, in: 0...head, "limits.chunk-extensions")
        check.count(minimumBodyRate, in: 0...(1 << 30), "limits.body-rate")
        check.count(linger, in: 0...(1 << 30), "limits.linger")
        check.count(connections, in: 0...many, "limits.connections")
        check.count(connectionsPerClient, in: 0...many, "limits.connections-per-client")
        check.count(ipv6Prefix, in: 32...128, "limits.ipv6-prefix")
        check.count(tunnels, in: 0...many, "limits.tunnels")
        check.count(originConnections, in: 0...many, "limits.connections-per-origin")
        check.count(idlePerOrigin, in: 0...many, "limits.idle-per-origin")
        check.count(idleConnections, in: 0...many, "limits.idle-connections")
        check.count(pipes, in: 0...65536, "limits.pipes")
        check.count(pipeSize, in: 4096...(1 << 28), "limits.pipe-size")
    }
}

extension ProxyConfiguration.AuthenticationSettings {
    func check(_ check: inout ConfigurationCheck) {
        check.span(lifetime, in: .zero...Duration.seconds(86400), "authentication.lifetime")
        check.count(entries, in: 0...(1 << 20), "authentication.entries")
        check.count(failures, in: 0...100, "authentication.failures")
        check.span(failureInterval, in: .milliseconds(100)...Duration.seconds(3600), "authentication.failure-interval")
    }
}

extension ProxyConfiguration.Timeouts {
    func check(_ check: inout ConfigurationCheck) {
        let range = Duration.milliseconds(100)...Duration.seconds(7 * 86400)
        check.span(head, in: range, "timeouts.head")
        check.span(announcement, in: range, "timeouts.proxy-header")
        check.span(policy, in: range, "timeouts.policy")
        check.span(authentication, in: range, "timeouts.authentication")
        check.span(lookUp, in: range, "timeouts.look-up")
        check.span(connect, in: range, "timeouts.connect")
        // RFC 8305 §8: never less than 10 ms, and 2 s at most.
        check.span(nextAddress, in: .milliseconds(10)...Duration.seconds(2), "timeouts.next-address")
        check.span(firstByte, in: range, "timeouts.first-byte")
        check.span(requestBody, in: range, "timeouts.request-body")
        check.span(responseBody, in: range, "timeouts.response-body")
        check.span(stall, in: range, "timeouts.stall")
        check.span(clientIdle, in: range, "timeouts.client-idle")
        check.span(upstreamIdle, in: range, "timeouts.upstream-idle")
        check.span(halfClosedClient, in: range, "timeouts.half-closed-client")
        check.span(tunnelIdle, in: range, "timeouts.tunnel-idle")
        check.span(tunnelHalfClose, in: range, "timeouts.tunnel-half-close")
        check.span(linger, in: range, "timeouts.linger")
        // 0 ends everything at once.
        check.span(drain, in: .zero...range.upperBound, "timeouts.drain")
    }
}

extension ProxyConfiguration.ReloadSettings {
    func check(_ check: inout ConfigurationCheck) {
        // 0 is off; more often than this the looking costs more than it tells.
        if watch == .zero { return }
        check.span(watch, in: .milliseconds(100)...Duration.seconds(86_400), "reload.watch")
    }
}

extension ProxyConfiguration.ServerNameSettings {
    func check(_ check: inout ConfigurationCheck) {
        // It is held whole in what the reactor keeps of one socket.
        check.count(limit, in: 512...(64 << 10), "sni.limit")
        check.span(time, in: .milliseconds(100)...Duration.seconds(600), "sni.time")
    }
}

extension ProxyConfiguration.NameSettings {
    func check(_ check: inout ConfigurationCheck) {
        let range = Duration.zero...Duration.seconds(7 * 86400)
        check.span(positive, in: range, "names.ttl")
        check.span(negative, in: range, "names.negative-ttl")
        check.count(entries, in: 0...(1 << 20), "names.entries")
        check.count(threads, in: 1...256, "names.threads")
        check.count(perClient, in: 0...256, "names.per-client")
        check.count(waiting, in: 1...(1 << 20), "names.waiting")
    }
}
