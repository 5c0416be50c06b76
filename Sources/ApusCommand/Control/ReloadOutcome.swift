import Apus
import ApusAdvice
import ApusConfig
import ApusReport

/// What a reload has come to.
struct ReloadOutcome: Sendable {
    /// A setting that has another value.
    struct Change: Sendable, Equatable {
        let key: String
        let before: String
        let after: String
    }

    /// The settings file; nil where there is none, so that nothing was read.
    var file: String?
    /// All that was wrong, each with its place; the old settings stay in force then.
    var faults: [String] = []
    /// What is no fault and deserves a word.
    var warnings: [String] = []
    /// How many rules are in force.
    var rules = 0
    var policy: PolicyDifference?
    /// Settings that have changed and are in force.
    var settings: [Change] = []
    /// Settings that differ from those of the start and wait for the next one.
    var waiting: [Change] = []

    var hasSucceeded: Bool { faults.isEmpty }

    /// Compares settings.
    ///
    /// - Parameter needsStart: keys, or sections, that only a start can change.
    mutating func compare(
        _ before: ProxyConfiguration,
        _ after: ProxyConfiguration,
        started: ProxyConfiguration,
        needsStart: [String]
    ) {
        for setting in Settings.all {
            let new = setting.show(after)
            let waits = needsStart.contains { setting.key == $0 || setting.key.hasPrefix($0 + ".") }
            let old = setting.show(waits ? started : before)
            guard new != old else { continue }
            let change = Change(key: setting.key, before: old, after: new)
            if waits { waiting.append(change) } else { settings.append(change) }
        }
    }

    /// How many of each kind are told one by one.
    private static let most = 200
    /// How much is told of a rule, in characters.
    private static let longest = 400

    /// The last line of an answer.
    var json: [UInt8] {
        JSONWriter.object { json in
            json.truth("ok", hasSucceeded)
            json.text("file", file)
            guard hasSucceeded else {
                json.array("faults", of: faults.prefix(Self.most).map(JSONWriter.string))
                json.number("fault_count", faults.count)
                return
            }
            json.number("rules", rules)
            json.array("warnings", of: warnings.prefix(Self.most).map(JSONWriter.string))
            json.array("settings", of: settings.map(Self.json))
            json.array("waiting", of: waiting.map(Self.json))
            guard let policy else { return }
            Self.write(policy, &json)
        }
    }

    private static func write(_ policy: PolicyDifference, _ json: inout JSONWriter) {
        json.array("added", of: policy.added.prefix(most).map { Self.json($0) })
        json.array("gone", of: policy.gone.prefix(most).map { Self.json($0) })
        json.array("changed", of: policy.changed.prefix(most).map { Self.json($0.after, before: $0.before) })
        json.array("moved", of: policy.moved.prefix(most).map { Self.json($0.after, before: $0.before) })
        json.object("counts") { json in
            json.number("added", policy.added.count)
            json.number("gone", policy.gone.count)
            json.number("changed", policy.changed.count)
            json.number("moved", policy.moved.count)
        }
        let lists = policy.lists.prefix(most).map { list in
            JSONWriter.object { json in
                json.text("name", list.name)
                if let before = list.before { json.number("before", before) }
                if let after = list.after { json.number("after", after) }
            }
        }
        json.array("lists", of: lists)
        json.array("groups", of: policy.groups.prefix(most).map(JSONWriter.string))
        json.array("others", of: policy.others.map(JSONWriter.string))
    }

    private static func json(_ change: Change) -> [UInt8] {
        JSONWriter.object { json in
            json.text("key", change.key)
            json.text("before", change.before)
            json.text("after", change.after)
        }
    }

    private static func json(_ entry: PolicyDifference.Entry, before: PolicyDifference.Entry? = nil) -> [UInt8] {
        JSONWriter.object { json in
            json.text("rule", entry.label)
            json.text("place", "\(entry.rule.position)")
            json.text("text", short(RuleText.describe(entry.rule)))
            guard let before else { return }
            json.number("from", before.index + 1)
            json.number("to", entry.index + 1)
            json.text("before", short(RuleText.describe(before.rule)))
        }
    }

    private static func short(_ text: String) -> String {
        text.count > longest ? String(text.prefix(longest)) + "…" : text
    }
}
