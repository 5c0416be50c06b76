internal import Apus
internal import ApusPolicy
internal import ApusReport
internal import HTTPTypes
internal import HummingbirdCore

/// What is told of the rules in force.
extension Routes {
    func policy() async -> [UInt8] {
        let rules = server.currentRules
        let traffic = await server.traffic(names: 0)
        let files = await facts.settings?.report()
        let rows = rules.rules.enumerated().map { index, rule in
            row(rule, index, traffic.ruleCounts[rule.label(index: index)] ?? RuleCounts())
        }
        let lists = rules.lists.sorted { $0.key < $1.key }.map { name, list in
            self.list(
                name,
                entries: list.count,
                hits: traffic.lists[name] ?? 0,
                source: files?.lists.first { $0.name == name }
            )
        }
        return JSONWriter.object { json in
            json.truth("report_only", rules.isReportOnly)
            json.raw("no_rule", counts(traffic.ruleCounts["no rule"] ?? RuleCounts()))
            json.array("rules", of: rows)
            json.array("lists", of: lists)
        }
    }

    private func row(_ rule: Rule, _ index: Int, _ seen: RuleCounts) -> [UInt8] {
        var limit: UsageLimit?
        let action: String
        switch rule.action {
        case .allow: action = "allow"
        case .deny: action = "deny"
        case .limit(let bound):
            action = "limit"
            limit = bound
        }
        return JSONWriter.object { json in
            json.number("index", index + 1)
            json.text("name", rule.label(index: index))
            json.text("text", facts.ruleText(rule))
            json.text("place", "\(rule.position)")
            json.number("line", rule.position.line)
            json.text("action", action)
            json.truth("report_only", rule.isReportOnly)
            json.number("matches", seen.matches)
            json.text("limit", limit?.description)
            json.raw("used", limit == nil ? nil : used(index))
            json.raw("counts", counts(seen))
        }
    }

    private func used(_ index: Int) -> [UInt8]? {
        guard let (level, name) = server.usage(ofRule: index) else { return nil }
        return JSONWriter.object { json in
            json.number("keys", level.keys)
            json.text("bound", level.bound?.rawValue)
            json.number("used", level.used)
            json.number("most", level.most)
            json.text("by", name)
        }
    }

    private func counts(_ seen: RuleCounts) -> [UInt8] {
        JSONWriter.object { json in
            json.number("decided", seen.decided)
            json.number("refused", seen.refused)
            json.number("limited", seen.limited)
            json.number("would_refuse", seen.wouldRefuse)
            json.number("bytes", seen.bytes)
            json.text("last", seen.lastAt > 0 ? Moment.text(seen.lastAt) : nil)
        }
    }

    private func list(_ name: String, entries: Int, hits: UInt64, source: SettingsInForce.List?) -> [UInt8] {
        JSONWriter.object { json in
            json.text("name", name)
            json.number("entries", entries)
            json.number("hits", hits)
            json.text("file", source?.file)
            json.text("read", source.map { Moment.text($0.readAt * 1_000_000) })
            if let refresh = source?.refresh {
                json.number("refresh_seconds", refresh)
            } else {
                json.raw("refresh_seconds", nil)
            }
            json.number("skipped_lines", source?.skippedLines ?? 0)
        }
    }

    /// What would become of a request, as `apus explain --json` has it.
    func explanation(_ request: Request) async -> Response {
        let query = request.uri.queryParameters
        guard let url = query["url"].map(String.init), !url.isEmpty else {
            return .fault(
                .badRequest,
                "There is no URL to explain.",
                hint: "url=http://example.org/, url=https://example.org or url=example.org:443."
            )
        }
        guard let settings = facts.settings else {
            return .fault(
                .notFound,
                "There are no settings to ask.",
                hint: "The command apus has them; a program asks its rules."
            )
        }
        var options: [String: String] = [:]
        for name in ["user", "groups", "from", "method", "at", "resolve", "sni", "listener"] {
            if let value = query[name[...]].map(String.init), !value.isEmpty { options[name] = value }
        }
        do {
            return .json(Array(try await settings.explain(url, options).utf8))
        } catch {
            return .fault(.badRequest, error.words, hint: "It is asked as apus explain URL --user NAME --from ADDRESS.")
        }
    }
}
