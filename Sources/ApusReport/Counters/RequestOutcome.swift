package import ApusFlow
internal import ApusPolicy

/// What became of a request or tunnel, for those who count.
public enum RequestOutcome: UInt8, Sendable, CaseIterable {
    /// It was passed on, whatever its origin answered.
    case served
    /// A rule, a guard, a cap or a limit said no.
    case refused
    /// Credentials were asked for (407), which is how every first request without them is answered.
    case asked
    /// It failed otherwise.
    case failed
}

extension RequestOutcome {
    /// That of a request by its fault.
    package init(_ fault: Fault?) {
        switch fault {
        case nil: self = .served
        case .refused(let refusal)? where !refusal.isUndecided: self = refusal.status == 407 ? .asked : .refused
        default: self = .failed
        }
    }
}
