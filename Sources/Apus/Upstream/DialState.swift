internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// The attempts to connect to one host (RFC 8305), as their sockets.
struct DialState: BitwiseCopyable {
    var plan: DialPlan
    /// The wait of its client that it answers.
    let wait: WaitID
    let port: UInt16
    let origin: OriginIndex
    /// What is dialled, and what the rules say of each.
    var choice: AddressChoice
    /// Who waits has none.
    static let none = UInt32.max

    /// The socket of each attempt.
    var tokens = InlineArray<8, Token>(repeating: .absent)

    init(_ plan: DialPlan, _ route: Route, _ choice: AddressChoice, for wait: WaitID) {
        self.plan = plan
        self.wait = wait
        port = route.port
        origin = route.origin
        self.choice = choice
    }

    /// To a parent, by addresses of its own.
    init(_ plan: DialPlan, _ route: Route, _ addresses: AddressList, port: UInt16, for wait: WaitID) {
        self.plan = plan
        self.wait = wait
        self.port = port
        origin = route.origin
        choice = AddressChoice()
        for place in 0..<addresses.count { choice.admit(addresses[place], Decision(.allow)) }
    }

    /// What the plan's last word means for who waits.
    func news(of outcome: DialStep.Outcome) -> DialNews.Outcome {
        switch outcome {
        case .pending: return .pending
        case .connected(let attempt):
            let address = plan.address(of: attempt)
            return .connected(
                DialledConnection(
                    token: tokens[Int(attempt)],
                    origin: origin,
                    address: address,
                    decision: address.flatMap { choice.decision(for: $0) }
                )
            )
        // `localhost` is this proxy by one of its addresses, and nobody by the other: that nobody answers there misleads.
        case .failed(let failure): return .failed(choice.leadsHere ? .refused(.ownListener) : .dial(failure))
        }
    }
}

/// A connection that stands, before it is a request's.
struct DialledConnection: BitwiseCopyable {
    let token: Token
    let origin: OriginIndex
    let address: IPAddress?
    /// What the rules said of the address.
    let decision: Decision?
}

extension DialFailure {
    /// What an errno says of the way to the host.
    init(_ error: SocketError) {
        switch error {
        case .connectionRefused: self = .refused
        case .connectionReset: self = .reset
        case .timedOut: self = .timedOut
        case .hostUnreachable, .networkUnreachable: self = .unreachable
        case .permissionDenied: self = .prohibited
        case .addressUnavailable: self = .exhausted
        default: self = error.isExhaustion ? .exhausted : .other
        }
    }
}
