/// Why rules are no policy: everything that is wrong with them, at once.
public struct PolicyFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Problem: Sendable, Hashable {
        /// What it is.
        public var kind: Kind
        /// Where the rule stands.
        public var position: SourcePosition

        /// Makes a problem.
        public init(_ kind: Kind, at position: SourcePosition) {
            self.kind = kind
            self.position = position
        }
    }

    /// What can be wrong. More may come: do not switch over it exhaustively.
    public enum Kind: Sendable, Hashable {
        /// More rules than there may be.
        case tooManyRules(Int)
        /// More conditions and exceptions than there may be.
        case tooManyConditions
        /// Exceptions of exceptions, too deep to be read.
        case tooDeep
        /// A list that is not there; beside it those that are.
        case unknownList(String, known: [String])
        /// More groups in rules than there may be.
        case tooManyGroups
        /// A group that is not there; beside it those that are.
        case unknownGroup(String, known: [String])
        /// A listener that is not there; beside it those that are.
        case unknownListener(String, known: [String])
        /// A route that is none.
        case route(RouteFault)
        /// A default route that is none.
        case standardRoute(RouteFault)
        /// A list that is not there, by which the default route leaves hosts out; beside it those that are.
        case unknownBypassList(String, known: [String])
        /// A host that no request can have.
        case invalidHost(String)
        /// A status of a refusal that is no error.
        case denyStatus(UInt16)
        /// A name that no field can have.
        case fieldName(String)
        /// A field's value that would end its line, or be read as another one.
        case fieldValue(name: String)
        /// A field that is the proxy's own business.
        case reservedField(String)
        /// A rate over no time.
        case emptyPeriod
        /// A time of a rule, by its key, that is none or too long.
        case timeout(String, Duration)
    }

    /// In the order of the rules; never empty.
    public let problems: [Problem]

    /// Makes a fault of problems.
    public init(problems: [Problem]) {
        self.problems = problems
    }

    /// A line for each problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension PolicyFault.Problem: CustomStringConvertible {
    /// `apus.yaml:12:5: there is no list “adz”: name it under lists, where there is: ads`.
    public var description: String { "\(position): \(message): \(hint)" }

    /// What is wrong, in a few words.
    public var message: String {
        switch kind {
        case .tooManyRules(let count): "\(count) rules are too many"
        case .tooManyConditions: "the conditions of all rules together are too many"
        case .tooDeep: "exceptions are nested too deep"
        case .tooManyGroups: "the rules name too many groups"
        case .unknownList(let name, _): "there is no list “\(name)”"
        case .unknownGroup(let name, _): "there is no group “\(name)”"
        case .unknownListener(let name, _): "there is no listener “\(name)”"
        case .route(let fault), .standardRoute(let fault): fault.message
        case .unknownBypassList(let name, _): "there is no list “\(name)” for bypass"
        case .invalidHost(let text): "“\(text)” is no host that a request can have"
        case .denyStatus(let status): "\(status) is no status of a refusal"
        case .fieldName(let name): "“\(name)” is no name of a field"
        case .fieldValue(let name): "the value of \(name) cannot be sent"
        case .reservedField(let name): "\(name) cannot be changed by a rule"
        case .emptyPeriod: "a rate needs a period"
        case .timeout(let key, let time): "\(time.settingText) is out of range for \(key)"
        }
    }

    /// What to do about it.
    public var hint: String {
        switch kind {
        case .tooManyRules: "\(CompiledPolicy.mostRules) is the most; many hosts belong into one rule, or into a list"
        case .tooManyConditions: "\(PolicyRows.most) is the most, with those of `not`"
        case .tooDeep: "\(PolicyRows.deepest) levels of `not` are the most"
        case .tooManyGroups: "\(GroupSet.capacity) is the most"
        case .unknownList(_, let known): "name it under `lists`, where there \(PolicyFault.listed(known))"
        case .unknownGroup(_, let known): "name it under `groups`, where there \(PolicyFault.listed(known))"
        case .unknownListener(_, let known): "write it as in `listen`, where there \(PolicyFault.listed(known))"
        case .route(let fault), .standardRoute(let fault): fault.hint
        case .unknownBypassList(_, let known): "name it under `lists`, where there \(PolicyFault.listed(known))"
        case .invalidHost: "write it in lower case without a trailing dot; *. stands for all names under one"
        case .denyStatus: "choose one of 400 to 599; 403 is the usual one"
        case .fieldName: "letters, digits and - are usual (RFC 9110 §5.1)"
        case .fieldValue: "no line breaks, no other control characters, no blanks at the ends (RFC 9110 §5.5)"
        case .reservedField: "it frames or routes the message, and the proxy writes it itself"
        case .emptyPeriod: "such as 50/s or 5GB/day"
        case .timeout: "it takes \(RuleTimeouts.rangeText)"
        }
    }
}

extension PolicyFault {
    /// The first of some names.
    static func shortened(_ names: [String]) -> String {
        names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    }

    fileprivate static func listed(_ names: [String]) -> String {
        guard let first = names.first else { return "is none" }
        return names.count == 1 ? "is \(first)" : "are \(shortened(names))"
    }
}
