import ApusAdvice
import ApusPolicy
import Testing

@Suite("What has changed between two policies")
struct PolicyDifferenceTests {
    private func allow(_ host: String, name: String? = nil, line: Int = 0) -> Rule {
        var condition = Condition()
        condition.hosts = [.name(host)]
        return Rule(
            .allow(Permission()),
            when: condition,
            name: name,
            position: SourcePosition(file: "apus.yaml", line: line)
        )
    }

    private func difference(_ before: [Rule], _ after: [Rule]) -> PolicyDifference {
        var (old, new) = (PolicyRules(), PolicyRules())
        (old.rules, new.rules) = (before, after)
        return PolicyDifference(from: old, to: new)
    }

    private func words(_ difference: PolicyDifference) -> [String] {
        difference.added.map { "+\($0.label)" } + difference.gone.map { "-\($0.label)" }
            + difference.changed.map { "\($0.before.label)~\($0.after.label)" }
            + difference.moved.map { "\($0.before.index)>\($0.after.index)" }
    }

    @Test("the same rules on other lines are no difference") func lines() {
        let difference = difference(
            [allow("a", line: 1), allow("b", line: 2)],
            [allow("a", line: 5), allow("b", line: 9)]
        )
        #expect(difference.isEmpty)
        #expect(words(difference) == [])
    }

    @Test("a rule in front of others is the only new one") func front() {
        let old = [allow("a"), allow("b"), allow("c", name: "c")]
        #expect(words(difference(old, [allow("x")] + old)) == ["+rule 1"])
        #expect(words(difference([allow("x")] + old, old)) == ["-rule 1"])
    }

    @Test("a rule is known again by its name, whatever it says and wherever it stands") func names() {
        let (mirrors, other) = (allow("a", name: "mirrors"), allow("b"))
        #expect(words(difference([mirrors, other], [allow("z", name: "mirrors"), other])) == ["mirrors~mirrors"])
        #expect(words(difference([mirrors], [allow("a", name: "renamed")])) == ["+renamed", "-mirrors"])
    }

    @Test("a rule without a name that says something else is known by its place among the others") func places() {
        let old = [allow("a"), allow("b"), allow("c")]
        #expect(words(difference(old, [allow("a"), allow("x"), allow("c")])) == ["rule 2~rule 2"])
        #expect(
            words(difference(old, [allow("new"), allow("a"), allow("b"), allow("x")])) == ["+rule 1", "rule 3~rule 4"]
        )
        #expect(
            words(difference(old, [allow("x"), allow("y"), allow("z")])) == [
                "rule 1~rule 1", "rule 2~rule 2", "rule 3~rule 3",
            ]
        )
    }

    @Test("what only stands elsewhere has moved, and as little as can be is said to have") func moves() {
        let old = [allow("a"), allow("b"), allow("c"), allow("d")]
        #expect(words(difference(old, [old[3], old[0], old[1], old[2]])) == ["3>0"])
        #expect(words(difference(old, [old[1], old[0], old[2], old[3]])).count == 1)
    }

    @Test("rules that are alike are told apart by their number") func alike() {
        #expect(words(difference([allow("a"), allow("a")], [allow("a")])) == ["-rule 2"])
        #expect(words(difference([allow("a")], [allow("a"), allow("a"), allow("a")])) == ["+rule 2", "+rule 3"])
    }

    @Test("lists, groups and what is said of the whole are compared") func others() {
        var (old, new) = (PolicyRules(), PolicyRules())
        old.lists = ["ads": HostList(names: ["a.example"]), "gone": HostList(names: [])]
        new.lists = ["ads": HostList(names: ["a.example", "b.example"]), "new": HostList(names: ["c.example"])]
        old.groups = ["ops": ["anna", "bo"], "dev": ["cy"]]
        new.groups = ["ops": ["bo", "anna"], "dev": ["cy", "di"]]
        new.isReportOnly = true
        new.contact = "ops@example.org"
        new.telling = .nothing
        let difference = PolicyDifference(from: old, to: new)
        #expect(difference.lists.map(\.name) == ["ads", "gone", "new"])
        #expect(difference.lists.map(\.before) == [1, 0, nil])
        #expect(difference.lists.map(\.after) == [2, nil, 1])
        #expect(difference.groups == ["dev"])
        #expect(difference.others == ["mode", "contact", "tell"])
        #expect(!difference.isEmpty)
    }

    @Test("each rule of either policy is told once, whatever was done to them") func random() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            func rules() -> [Rule] {
                (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                    let letter = "abcdef".randomElement(using: &generator).map(String.init) ?? "a"
                    return allow(letter, name: Bool.random(using: &generator) ? letter.uppercased() : nil)
                }
            }
            let (old, new) = (rules(), rules())
            let difference = difference(old, new)
            let pairs = new.count - difference.added.count
            #expect(pairs == old.count - difference.gone.count)
            #expect(difference.changed.count + difference.moved.count <= pairs)
            #expect(difference.changed.allSatisfy { $0.before.rule.condition != $0.after.rule.condition })
            if pairs == new.count, difference.changed.isEmpty, difference.moved.isEmpty, difference.gone.isEmpty {
                #expect(old.map(\.condition) == new.map(\.condition))
            }
        }
    }
}
