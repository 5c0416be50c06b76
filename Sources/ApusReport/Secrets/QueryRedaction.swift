/// What of a query is shown.
public enum QueryRedaction: Sendable, Equatable {
    /// All but the values of parameters whose names are well known to hold secrets: `/a?token=…&page=2`.
    case known
    /// Nothing: `/a?…`.
    case all
    /// Everything.
    case none
}

extension QueryRedaction: ExpressibleByBooleanLiteral {
    /// Whether queries are redacted at all: ``all`` or ``none``.
    public init(booleanLiteral value: Bool) { self = value ? .all : .none }
}
