/// A policy as it is written: rules in order, of which the first that matches decides.
///
/// It is checked and made fast by ``CompiledPolicy``; this form is for people, files and tests.
public struct PolicyRules: Sendable, Equatable {
    /// What an own answer tells of the rule that refused.
    public enum Telling: String, Sendable, Hashable, CaseIterable {
        /// That it was refused, and the id.
        case nothing
        /// The rule's name and the contact as well.
        case rule
        /// Its place in the file as well.
        case everything
    }

    /// In order.
    public var rules: [Rule] = []
    /// The users of each group.
    public var groups: [String: [String]] = [:]
    /// Whether groups also come with the credentials, as from a token's claims: a rule may then name one that is not in ``groups``.
    public var takesGroups = false
    /// The lists by name.
    public var lists: [String: HostList] = [:]
    /// Whether nothing is refused by a rule, only recorded (`mode: report`).
    public var isReportOnly = false
    /// Whom a refused client may ask (`contact`): an address, a page, a name.
    public var contact: String?
    /// How much refusals tell (`tell`).
    public var telling = Telling.rule

    /// No rule: everything is allowed that the guard and the ports of CONNECT let through.
    public init() {}

    /// Takes lists over from another policy where they are equal, so that both are one in memory.
    package mutating func shareLists(with other: PolicyRules) {
        for (name, list) in other.lists where lists[name] == list { lists[name] = list }
    }
}
