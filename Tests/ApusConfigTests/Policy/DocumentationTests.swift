import Foundation
import Testing

@testable import ApusConfig

@Suite("The files that the documentation shows")
struct DocumentationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")

    /// The policies of a page: its blocks of YAML.
    private func blocks(_ page: String) throws -> [String] {
        let text = try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)
        return text.components(separatedBy: "```yaml\n").dropFirst().map {
            String($0.prefix(upTo: $0.range(of: "```")?.lowerBound ?? $0.endIndex))
        }
    }

    private func faults(_ text: String) -> [String] {
        let files = FileAccess { (path, _) throws(FileAccess.Fault) in
            Array((path.hasSuffix(".txt") ? "0.0.0.0 ads.example" : "").utf8)
        }
        return SettingsFile(path: "apus.yaml", bytes: Array(text.utf8), files).faults.map(\.description)
    }

    @Test(
        "each is read without a fault",
        arguments: [
            "README.md", "Sources/Apus/Apus.docc/WriteAPolicy.md", "Sources/Apus/Apus.docc/PolicyDesign.md",
            "Sources/Apus/Apus.docc/Upgrade.md",
        ]
    )
    func pages(page: String) throws {
        let blocks = try blocks(page)
        #expect(!blocks.isEmpty)
        for block in blocks { #expect(faults(block) == [], "\(block)") }
    }

    @Test("the example of a team's way out is the page's, with its comments in front")
    func example() throws {
        let text = try String(contentsOf: Self.root.appending(path: "Examples/Egress/apus.yaml"), encoding: .utf8)
        #expect(faults(text) == [])
        let shown = try #require(try blocks("Sources/Apus/Apus.docc/WriteAPolicy.md").last)
        #expect(text.hasSuffix(shown))
    }
}
