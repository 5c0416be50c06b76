import ApusPolicy
import Testing

@testable import ApusConfig

@Suite struct NodeBuilderTests {
    private func build(_ text: String, mostNodes: Int) throws -> (root: SettingsNode?, faults: [String]) {
        var findings = Findings()
        let events = try YamlEvents(text)
        var builder = NodeBuilder(file: "f", mostNodes: mostNodes, events)
        let root = try builder.document(&findings)
        return (root, findings.sorted().faults.map(\.description))
    }

    @Test("a file may have so many nodes, its root counted, and what is beyond is one fault")
    func bounds() throws {
        #expect(try build("[a, [b], c]", mostNodes: 5).faults == [])
        let (root, faults) = try build("[a, [b], [[c], d], {e: f}]", mostNodes: 5)
        #expect(faults == ["f:1:11: here the file has more than 5 values"])
        guard case .list(let items) = root?.content else {
            Issue.record("the root is no list")
            return
        }
        // What is beyond is passed over in its place.
        #expect(items.map(\.place.column) == [2, 5, 10, 20])
        #expect(items.last?.content == .faulty)
    }

    @Test("of a text that goes wrong only that is told: what seemed wrong before may be but a sign of it")
    func before() {
        var findings = Findings()
        let root = DocumentReader.read(file: "f", bytes: Array("a: 1\na: 2\nb: [\n".utf8), &findings)
        #expect(root == nil)
        #expect(findings.sorted().faults.map(\.place.line) == [4])
    }
}
