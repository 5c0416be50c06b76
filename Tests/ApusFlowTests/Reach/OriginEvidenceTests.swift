import ApusSamples
import Testing

@testable import ApusFlow

@Suite("Evidence of an origin") struct OriginEvidenceTests {
    private static let soon: UInt64 = 1_000_000
    private static let minute: UInt64 = 60_000_000

    @Test("nothing is believed of an origin before it has shown it") func unknown() {
        let evidence = OriginEvidence()
        #expect(!evidence.keeps(oldest: 0, now: 0) && !evidence.keeps(oldest: 49_999, now: 5) && !evidence.isKnown)
    }

    @Test("it keeps after a second answer, and while one is idle for 50 ms") func keeping() {
        var evidence = OriginEvidence()
        #expect(evidence.keeps(oldest: 50_000, now: 50_000))
        #expect(!evidence.keeps(oldest: 1, now: 50_001))
        evidence.answeredAgain()
        #expect(evidence.keeps(oldest: 0, now: 0) && evidence.isKnown)
    }

    @Test("it drops for a minute after an end within a second, whatever it shows meanwhile") func dropping() {
        var evidence = OriginEvidence()
        evidence.answeredAgain()
        evidence.ended(idle: OriginEvidenceTests.soon, now: 7)
        #expect(evidence.keeps(oldest: 0, now: 7))
        evidence.ended(idle: OriginEvidenceTests.soon - 1, now: 7)
        evidence.answeredAgain()
        let end = 7 + OriginEvidenceTests.minute
        #expect(!evidence.keeps(oldest: OriginEvidenceTests.soon, now: end - 1))
        #expect(evidence.keeps(oldest: 0, now: end))
    }

    @Test("what it showed before it dropped counts no more") func forgetting() {
        var evidence = OriginEvidence()
        evidence.answeredAgain()
        evidence.ended(idle: 0, now: 0)
        #expect(!evidence.keeps(oldest: 0, now: OriginEvidenceTests.minute) && !evidence.isKnown)
        #expect(evidence.keeps(oldest: 50_000, now: OriginEvidenceTests.minute))
    }

    @Test("a random walk agrees with the list of all that was seen", arguments: 0..<8 as Range<UInt64>)
    func walk(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var evidence = OriginEvidence()
        var (answers, drops): ([UInt64], [UInt64]) = ([], [])
        var now: UInt64 = 0
        for _ in 0..<5_000 {
            now += random.next() % 4 == 0 ? random.next() % 40_000_000 : random.next() % 1_000 + 1
            switch random.next() % 3 {
            case 0:
                evidence.answeredAgain()
                answers.append(now)
            case 1 where random.next() % 4 == 0:
                let idle = random.next() % 2_000_000
                evidence.ended(idle: idle, now: now)
                if idle < 1_000_000 { drops.append(now) }
            default: break
            }
            let oldest = random.next() % 100_000
            let isDropping = drops.contains { now - $0 < 60_000_000 }
            let answered = answers.contains { $0 >= drops.last ?? 0 } && (answers.last ?? 0) >= (drops.last ?? 0)
            #expect(evidence.keeps(oldest: oldest, now: now) == (!isDropping && (answered || oldest >= 50_000)))
        }
    }
}
