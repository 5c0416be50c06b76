import ApusPolicy
import Testing

@Suite("texts of refusals")
struct RefusalTextTests {
    @Test("every refusal has its own label and its own sentence")
    func unique() {
        let labels = Refusal.allCases.map(\.metricLabel.description)
        let sentences = Refusal.allCases.map(\.sentence.description)
        #expect(Set(labels).count == labels.count)
        #expect(Set(sentences).count == sentences.count)
        for label in labels {
            #expect(label.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 || $0 == 52 }, "\(label)")
        }
        for sentence in sentences { #expect(sentence.hasSuffix(".") && sentence.utf8.allSatisfy { $0 < 128 }) }
    }

    @Test("a sentence, which remote clients see, names no setting")
    func silent() {
        for refusal in Refusal.allCases { #expect(!refusal.sentence.description.contains("--"), "\(refusal)") }
    }

    @Test(
        "a hint names the setting that would allow it",
        arguments: [
            (Refusal.clientNotAllowed, ["--allow-from CIDR"]), (.connectPort, ["--connect-ports"]),
            (.loopback, ["--allow-private", "--allow-to CIDR"]), (.privateUse, ["--allow-private", "--allow-to CIDR"]),
            (.uniqueLocal, ["--allow-private", "--allow-to CIDR"]),
            (.sharedAddressSpace, ["--allow-private", "--allow-to CIDR"]), (.linkLocal, ["--allow-to CIDR"]),
        ]
    )
    func hints(refusal: Refusal, flags: [String]) {
        for flag in flags { #expect(refusal.hint.description.contains(flag)) }
    }

    @Test("--allow-private is hinted at exactly where it helps, and nothing where nothing helps")
    func honest() {
        for refusal in Refusal.allCases {
            let lifted = [.loopback, .privateUse, .uniqueLocal, .sharedAddressSpace].contains(refusal)
            #expect(refusal.hint.description.contains("--allow-private") == lifted)
            let excepted = refusal.addressClass != nil || refusal == .metadata
            #expect(refusal.hint.description.contains("--allow-to") == excepted)
        }
        for refusal in [Refusal.ownListener, .denied] {
            #expect(refusal.hint.description.isEmpty)
        }
    }
}
