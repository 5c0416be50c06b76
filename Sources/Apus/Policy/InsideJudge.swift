internal import ApusFlow
internal import ApusPolicy
internal import ApusWire

/// The name inside a tunnel, and the rules by which the tunnel was allowed: what is inside can only take away.
struct InsideJudge {
    /// What is said of what a client has said first.
    struct Verdict: BitwiseCopyable {
        let outcome: ServerNameCheck.Outcome
        /// Whether it names another host than CONNECT did.
        let namesAnother: Bool
    }

    private let settings: ProxyConfiguration.ServerNameSettings

    init(_ settings: ProxyConfiguration.ServerNameSettings) { self.settings = settings }

    /// What the name inside a tunnel is to be held against: the one place that knows.
    func measure(
        _ outside: Outside,
        _ words: BufferedRequest,
        _ book: inout Rulebook,
        _ users: inout KnownUsers
    ) -> ServerNameCheck.Measure {
        guard settings.mode != .off else { return .nothing }
        let namesAll = settings.scope == .all
        let holdsPlain = settings.notTLS == .deny
        guard let snapshot = book[outside.snapshot] else {
            // An address has no name to be compared (RFC 6066 §3).
            guard namesAll, IPAddress.parse(words.bytes.span, words.hostRange) == nil else { return .nothing }
            return holdsPlain ? .host : .hostOrPlain
        }
        guard namesAll || snapshot.policy.mayLookInside(outside.rule) else { return .nothing }
        return book.measure(snapshot, outside, words, holdsPlain: holdsPlain, namesAll: namesAll, &users)
    }

    /// Holds what a client has said first against the rules, and notes what they say.
    ///
    /// - Parameter decision: of the rules, where it names another host; nil where they were not asked.
    func judge(
        _ reading: ClientHello.Reading,
        _ decision: Decision?,
        by measure: ServerNameCheck.Measure,
        _ notes: inout StreamInfo
    ) -> Verdict {
        let outcome = settings.asked.judge(reading, isDenied: decision?.outcome ?? .allow != .allow, by: measure)
        var reported = decision?.wouldDeny ?? Decision.noRule
        switch (outcome, decision) {
        case (.refuse(.serverNameDenied), let decision?): notes.rule = decision.rule
        case (.report(.serverNameDenied), let decision?):
            reported = decision.rule == Decision.noRule ? Decision.unmatched : decision.rule
        default: break
        }
        if notes.wouldDeny == Decision.noRule { notes.wouldDeny = reported }
        return Verdict(outcome: outcome, namesAnother: decision != nil)
    }

    /// The decision about a name that was found inside a tunnel, if it denies it, by rules that have taken the place of those that it was allowed
    /// by.
    func denies(
        _ outside: Outside,
        _ words: BufferedRequest,
        _ book: inout Rulebook,
        _ users: inout KnownUsers
    ) -> Decision? {
        guard settings.mode == .enforce, words.dial > 0 else { return nil }
        guard measure(outside, words, &book, &users).refuses, let snapshot = book[outside.snapshot] else { return nil }
        let name = words.bytes.span.extracting(words.dialRange)
        let decision = book.decideInside(snapshot, outside, words, name, &users)
        return decision.outcome == .deny ? decision : nil
    }
}
