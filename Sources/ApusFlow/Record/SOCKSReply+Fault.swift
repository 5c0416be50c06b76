internal import ApusPolicy
public import ApusWire

/// What a fault is in SOCKS, whose replies know less than HTTP's answers: the one table.
extension SOCKSReply.Code {
    /// The reply to a request that ends for this fault.
    public init(_ fault: Fault) {
        self =
            switch fault {
            case .request(.socksCommand): .commandNotSupported
            case .request(.socksAddressType): .addressTypeNotSupported
            case .refused(let refusal): Self.code(refusal)
            case .lookUp(.overloaded), .lookUp(.exhausted): .generalFailure
            case .lookUp: .hostUnreachable
            case .dial(let failure): Self.code(failure)
            case .timeout(.connect): .ttlExpired
            case .parent: fault.status == 403 ? .notAllowed : fault.status == 504 ? .ttlExpired : .generalFailure
            case .request, .response, .timeout, .terminated, .loop, .internalError: .generalFailure
            }
    }

    /// What is over for now is no rule.
    private static func code(_ refusal: Refusal) -> SOCKSReply.Code {
        refusal.status == 429 || refusal.status == 503 ? .generalFailure : .notAllowed
    }

    private static func code(_ failure: DialFailure) -> SOCKSReply.Code {
        switch failure {
        case .refused: .connectionRefused
        case .unreachable: .networkUnreachable
        case .timedOut: .ttlExpired
        case .prohibited: .networkUnreachable
        case .reset, .exhausted, .other: .generalFailure
        }
    }
}
