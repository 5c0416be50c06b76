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
}
