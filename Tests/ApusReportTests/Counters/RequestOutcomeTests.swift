import ApusFlow
import ApusPolicy
import Testing

@testable import ApusReport

@Suite("What became of a request")
struct RequestOutcomeTests {
    @Test("a question for credentials is no refusal, and what nobody could decide is a failure") func outcomes() {
        #expect(RequestOutcome(nil) == .served)
        #expect(RequestOutcome(.refused(.rule)) == .refused && RequestOutcome(.refused(.volumeLimit)) == .refused)
        #expect(RequestOutcome(.timeout(.response)) == .failed)
        for refusal in Refusal.allCases {
            let outcome = RequestOutcome(.refused(refusal))
            #expect(outcome == (refusal.status == 407 ? .asked : refusal.isUndecided ? .failed : .refused))
        }
    }
}
