import ApusPolicy
import Testing

@testable import ApusConfig

/// Files as nobody would write them: whatever the bytes, there is an answer, and every fault has a place in the file.
@Suite struct SettingsFileFuzzTests {
    /// A generator whose numbers are the same in every run (SplitMix64).
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return word ^ (word >> 31)
        }
    }

    private static let pieces = [
        "*", "&a ", "*a", "<<: ", "[", "]", "{", "}", ": ", "- ", "\n", "\n  ", "\"", "'", "|", ">", "#", "!!int ",
        "? ", ",", "\t",
        "\r\n", "\u{0}", "\u{feff}", "ü", "rules:", "deny: all", "all", "---\n", "...\n", "%YAML 1.1\n", "\u{2028}",
        "@", "~",
    ]

    private static let text =
        PolicyReaderTests.example + """

            timeouts: { head: 5s, connect: 3s }
            limits:
              fields: 50
            log: { format: json, redact-queries: yes }
            tokens: { ci: "sha256:\(String(repeating: "ab", count: 32))" }
            jwt: { keys: k.json, issuer: https://idp.example, audience: apus }
            """

    private static func mutated(_ random: inout Random, atMost count: Int = 4) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...count, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, at + Int.random(in: 0...20, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes.removeSubrange(at..<end)
            case 1: bytes.insert(contentsOf: pieces.randomElement(using: &random).map { Array($0.utf8) } ?? [], at: at)
            case 2: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &random))
            case 3: bytes.replaceSubrange(at..<end, with: [UInt8.random(in: 0...255, using: &random)])
            case 4: bytes.removeLast(bytes.count - at)
            default:
                let line = bytes.split(separator: 0x0a).randomElement(using: &random) ?? []
                bytes.insert(contentsOf: line + [0x0a], at: at)
            }
        }
        return bytes
    }

    @Test(
        "a valid file with a few mutations is read, or has faults with places in it",
        arguments: 0..<8 as Range<UInt64>
    )
    func mutations(_ seed: UInt64) {
        var random = Random(state: seed)
        let files = FileAccess.memory(["hosts.txt": "0.0.0.0 a.example"])
        for _ in 0..<100 {
            let bytes = Self.mutated(&random)
            let file = SettingsFile(path: "f", bytes: bytes, files)
            let lines = 1 + bytes.count
            for fault in file.faults + file.warnings {
                #expect(fault.place.file == "f" && 0...lines ~= fault.place.line && fault.place.column >= 1)
                #expect(!fault.message.isEmpty)
            }
        }
    }

    @Test("what is printed of a policy reads back as the same policy", arguments: 0..<4 as Range<UInt64>)
    func roundTrip(_ seed: UInt64) throws {
        var random = Random(state: seed &+ 100)
        let files = FileAccess.memory(["hosts.txt": ""])
        var read = 0
        for _ in 0..<100 {
            let file = SettingsFile(path: "f", bytes: Self.mutated(&random, atMost: 1), files)
            guard file.faults.isEmpty else { continue }
            read += 1
            var settings = ParsedSettings()
            file.apply(to: &settings.configuration)
            settings.policy = file.policy
            // Hashes and digests are hidden, and could not be read back.
            settings.policy.tokens = []
            let page = EffectiveSettings.render(settings)
            let again = SettingsFile(path: "f", bytes: Array(page.utf8), files)
            #expect(again.faults == [], "\(page)")
            var configuration = ParsedSettings().configuration
            again.apply(to: &configuration)
            #expect(configuration == settings.configuration)
            #expect(again.policy.rules.rules.map(bare) == file.policy.rules.rules.map(bare))
            #expect(again.policy.rules.groups == file.policy.rules.groups)
            #expect(again.policy.rules.contact == file.policy.rules.contact)
        }
        #expect(read > 5)
    }

    private func bare(_ rule: Rule) -> Rule {
        var rule = rule
        rule.position = SourcePosition()
        return rule
    }
}
