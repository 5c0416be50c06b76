import ApusPolicy
import ApusWire

extension LearnedPolicy {
    /// How many lines of each kind of what is left out are shown.
    private static let mostRemarks = 50
    /// How many names of a group are shown.
    private static let mostNames = 5

    /// The policy in the form of a policy file, with what it was made from in comments.
    public var text: String {
        var text = "# Learned from \(requests(total)): \(served) served, \(failures) failed, \(sum(denied)) denied.\n"
        if grants.contains(where: { $0.entries.contains(where: \.isGroup) }) {
            text +=
                "# A domain is allowed as a whole (*.) where \(leastNames) or more names directly under it were used.\n"
        }
        if grants.contains(where: \.right.isAddress) {
            text += "# A rule for an address allows names that have it as well, and makes Apus look names up to know.\n"
        }
        text += "rules:\n"
        for grant in grants { text += grant.entries.count == 1 ? line(grant) : block(grant) }
        text += "  - deny: all\n"
        text += section("Denied", denied)
        text += section("Not reached, and so not allowed", failed)
        let opened = "a rule opens one with private: [ADDRESS] where clients have to reach it"
        text += section("Served by a cloud's metadata service, and so not allowed; \(opened)", metadata)
        text += section("Served, but no rule can name it", unwritten)
        return text
    }

    private var total: Int { served + failures + sum(denied) }

    private func sum(_ remarks: [Remark]) -> Int { remarks.reduce(0) { $0 + $1.count } }

    private func requests(_ count: Int) -> String { count == 1 ? "1 request" : "\(count) requests" }

    /// `- allow: { to: example.org, ports: 443 }  # 12 requests`
    private func line(_ grant: Grant) -> String {
        let keys = keys(grant.right)
        let to = "to: \(grant.entries[0].written)"
        let parts = (keys.before + [to] + keys.behind).joined(separator: ", ")
        return "  - allow: { \(parts) }  # \(what(grant.entries[0]))\n"
    }

    /// An entry a line.
    private func block(_ grant: Grant) -> String {
        let keys = keys(grant.right)
        var text = "  # \(requests(grant.count))\n  - allow:\n"
        for key in keys.before { text += "      \(key)\n" }
        text += "      to:\n"
        for entry in grant.entries { text += "        - \(entry.written)  # \(what(entry))\n" }
        for key in keys.behind { text += "      \(key)\n" }
        return text
    }

    private func keys(_ right: Grant.Right) -> (before: [String], behind: [String]) {
        var before: [String] = []
        if !right.users.isEmpty { before.append("user: \(RuleYAML.list(right.users.map(RuleYAML.scalar)))") }
        if !right.isTunnel { before.append("scheme: http") }
        var behind = ["ports: \(RuleYAML.list(right.ports.map(String.init)))"]
        if right.isPrivate { behind.append("private: true") }
        if right.isPlain { behind.append("tls: any") }
        return (before, behind)
    }

    /// `12 requests`, and for a group to which names.
    private func what(_ entry: Entry) -> String {
        guard entry.isGroup else { return requests(entry.count) }
        let names = entry.names.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        var shown = names.prefix(Self.mostNames).joined(separator: ", ")
        if names.count > Self.mostNames { shown += " and \(names.count - Self.mostNames) more" }
        return "\(requests(entry.count)) to \(names.count) names: \(RuleYAML.comment(shown))"
    }

    private func section(_ title: String, _ remarks: [Remark]) -> String {
        guard !remarks.isEmpty else { return "" }
        let coverage = LearnedCoverage(grants)
        var text = "\n# \(title):\n"
        for remark in remarks.prefix(Self.mostRemarks) {
            var line = "\(remark.count) \(remark.request)"
            switch remark.request.outcome {
            case .served:
                if let address = remark.request.metadataService?.description, address != remark.request.host {
                    line += " (\(address))"
                }
            case .failed(let label), .denied(let label): line += " (\(label))"
            }
            if case .denied = remark.request.outcome, coverage.covers(remark.request) {
                line += ", allowed by these rules"
            }
            text += "#   \(RuleYAML.comment(line))\n"
        }
        if remarks.count > Self.mostRemarks { text += "#   and \(remarks.count - Self.mostRemarks) more\n" }
        return text
    }
}

extension LearnedPolicy.Entry {
    fileprivate var isGroup: Bool {
        if case .under = pattern { true } else { false }
    }

    /// The entry as it is written: an address without the length of its prefix.
    fileprivate var written: String {
        guard case .network(let block) = pattern else { return RuleYAML.scalar(pattern.description) }
        return RuleYAML.scalar(block.address.description)
    }
}
