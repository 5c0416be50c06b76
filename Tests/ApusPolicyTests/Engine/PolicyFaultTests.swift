import ApusPolicy
import Testing

@Suite("faults of a policy in words")
struct PolicyFaultTests {
    private static let kinds: [PolicyFault.Kind] = [
        .tooManyRules(5_000), .tooManyConditions, .tooDeep, .unknownList("a", known: []),
        .unknownGroup("b", known: ["x"]),
        .unknownListener("c", known: ["x", "y"]), .invalidHost("A"), .denyStatus(200), .fieldName("a b"),
        .fieldValue(name: "X"), .reservedField("Host"), .emptyPeriod, .tooManyGroups,
        .route(.unknownParent("p", known: ["office"])), .standardRoute(.empty), .unknownBypassList("l", known: []),
    ]

    @Test("each says where, what and what to do, on a line of its own")
    func lines() {
        let position = SourcePosition(file: "apus.yaml", line: 12, column: 5)
        let fault = PolicyFault(problems: Self.kinds.map { .init($0, at: position) })
        let lines = fault.description.split(separator: "\n")
        #expect(lines.count == Self.kinds.count && Set(lines).count == lines.count)
        #expect(lines.allSatisfy { $0.hasPrefix("apus.yaml:12:5: ") })
        #expect(lines[3] == "apus.yaml:12:5: there is no list “a”: name it under `lists`, where there is none")
        #expect(lines[4].hasSuffix("where there is x") && lines[5].hasSuffix("where there are x, y"))
        let many = PolicyFault.Problem(.unknownList("a", known: (1...9).map(String.init)), at: position)
        #expect(many.hint.hasSuffix("are 1, 2, 3, 4, 5, 6, 7, 8, …"))
    }
}
