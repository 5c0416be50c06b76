internal import Apus
internal import ApusPolicy
internal import ApusReport
internal import ApusWire

/// `apus explain`: what would become of a request, or why it became what a log shows.
package enum Explain {
    /// No log that is searched for one line is read further.
    private static let largestLog = 1 << 30

    /// The page, as text or as JSON.
    ///
    /// - Parameter now: seconds since 1970, for a question without a time.
    package static func page(_ settings: ParsedSettings, now: Int64, files: FileAccess) throws(SettingFault) -> String {
        var question: PolicyQuestion
        var name = try settings.options["sni"].map { text throws(SettingFault) in try QuestionReader.serverName(text) }
        var addresses: [IPAddress] = []
        if let id = settings.options["id"] {
            let line = try find(id, settings.options["log"], files)
            question = try asked(line, groups: QuestionReader.groups(settings.options))
            name = name ?? line.text("server_name")
            if let upstream = line.text("upstream"), let address = Self.address(upstream) { addresses = [address] }
        } else {
            guard let url = settings.words.first else {
                throw .unusable(["apus explain wants a URL, as http://example.org/, or --id ID with --log FILE"])
            }
            question = try QuestionReader.read(url, settings.options, now: now)
        }
        if settings.options["sni"] != nil, question.method != "CONNECT" {
            throw .unusable(["--sni is the name inside a tunnel, which https://HOST or HOST:PORT asks for"])
        }
        if let resolve = settings.options["resolve"] {
            addresses = try QuestionReader.addresses(resolve, of: question.host)
        }
        let listener = settings.options["listener"] ?? question.listener
        // Where the client of a line came in that tells no listener, nobody knows.
        let isUnknown = settings.options["id"] != nil && listener == nil
        let entrance = isUnknown ? nil : try EntranceReader(settings).read(listener, question.client)
        question.listener = entrance?.listener
        let access = try access(settings.configuration)
        var report = ExplanationReport(
            settings.policy.rules.naming(listeners: settings.configuration.namesByAddress),
            access: access,
            question: question,
            addresses: addresses,
            inside: settings.configuration.serverNames.question(name),
            entrance: entrance
        )
        report.names = Settings.flagNames
        report.notes = notes(question, settings.policy)
        settings.configuration.tellRoute(&report, access.destinations)
        if report.dependsOnAddresses {
            report.notes.append("--resolve \(question.host)=ADDRESS judges an address of \(question.host)")
        }
        return settings.options["json"] == nil ? String(report.text.dropLast()) : report.json
    }

    /// A user whom nobody knows would not come so far as to be asked about. Whom signed tokens name is not known here.
    private static func notes(_ question: PolicyQuestion, _ policy: PolicySettings) -> [String] {
        guard case .named(let name) = question.user, policy.jwt == nil else { return [] }
        if !policy.hasCredentials {
            return ["nobody can show to be \(name): users, tokens or jwt in the settings file would say who is who"]
        }
        let known = policy.userFile.users
        guard !known.isEmpty, !known.contains(name) else { return [] }
        let nearest = NearestName.of(name, among: known.sorted()).map { "; did you mean \($0)?" } ?? ""
        return ["there is no user \(name): that client would get 407\(nearest)"]
    }

    private static func access(_ configuration: ProxyConfiguration) throws(SettingFault) -> AccessRules {
        do {
            return AccessRules(
                allowFrom: try configuration.allowFrom.map { try CIDR($0) },
                connectPorts: configuration.ports,
                destinations: DestinationGuard(
                    allowPrivate: configuration.allowPrivate,
                    exceptions: try configuration.allowTo.map { try CIDR($0) },
                    ownListeners: (configuration.listeners + admin(configuration)).compactMap { listener in
                        IPAddress(listener.host).map { (address: $0, port: listener.port) }
                    }
                )
            )
        } catch {
            throw .unusable(["\(error)"])
        }
    }

    /// The admin listener, which nobody may reach through the proxy either.
    private static func admin(_ configuration: ProxyConfiguration) -> [ListenAddress] {
        guard configuration.admin.isOn, case .address(let address) = configuration.admin.listen else { return [] }
        return [address]
    }

    /// The log's line of a decision.
    private static func find(_ id: String, _ log: String?, _ files: FileAccess) throws(SettingFault) -> AccessLogLine {
        guard let log else { throw .unusable(["--id wants --log FILE: the access log, in JSON, that has the id"]) }
        let bytes: [UInt8]
        do { bytes = try files.readLog(log, largestLog) } catch { throw .unusable(["\(log): \(error.message)"]) }
        let wanted = id.lowercased()
        var isRead = false
        for line in LogLinesReader.lines(bytes) {
            guard let parsed = AccessLogLine.parse(bytes[line].span) else { continue }
            isRead = true
            if parsed.text("id") == wanted { return parsed }
        }
        if !isRead, !bytes.isEmpty {
            throw .unusable(["\(log) is no access log in JSON: --id looks for its line in one, which --log json writes"]
            )
        }
        throw .unusable(["\(log) has no line with the id \(id)"])
    }

    /// - Parameter groups: those to ask with; nil for those that the line tells.
    private static func asked(_ line: AccessLogLine, groups: [String]?) throws(SettingFault) -> PolicyQuestion {
        guard let host = line.text("host"), let method = line.text("method"),
            let client = line.text("client").flatMap({ IPAddress($0) })
        else { throw .unusable(["the line tells no method, host and client: the request was not understood"]) }
        return PolicyQuestion(
            method,
            scheme: line.text("scheme").flatMap { Scheme(rawValue: $0) } ?? .http,
            host: host,
            port: UInt16(clamping: line.number("port") ?? 80),
            path: line.text("path") ?? "",
            from: client,
            user: line.text("user").map { .named($0) } ?? .unknown,
            groups: groups ?? line.text("groups")?.split(separator: ",").map { String($0) } ?? [],
            listener: line.text("listener"),
            time: try line.text("time").map { text throws(SettingFault) in
                try QuestionReader.time(String(text.prefix(19)))
            } ?? 0
        )
    }

    /// The address of `192.0.2.1:80` or `[2001:db8::1]:80`.
    private static func address(_ upstream: String) -> IPAddress? {
        guard let colon = upstream.lastIndex(of: ":") else { return nil }
        return IPAddress(String(upstream[..<colon].filter { $0 != "[" && $0 != "]" }))
    }
}
