/// What time does.
extension Exchange {
    /// The deadline that ran has passed.
    ///
    /// - Parameter stalled: the side that does not take what waits for it, if one does not: it is to blame then.
    public mutating func expired(stalled: Side? = nil) -> Step {
        switch deadline {
        case .keep, .none, .tunnel, .halfClose, .clientHello, .authentication, .policy, .lookUp:
            return ownFault(.exchangeDeadline)
        case .head: return phase == .head ? refused(.fault(.timeout(.requestHead))) : close(.none)
        case .keepAlive, .linger: return close(.none)
        case .reach: return refused(.fault(.timeout(.connect)))
        // The client waits for the origin's word; it is the origin that is silent.
        case .requestBody where stalled == nil && flags.contains(.awaitsContinue):
            return refused(.fault(.timeout(.response)))
        case .requestBody: return refused(.fault(.timeout(stalled == .upstream ? .requestWrite : .requestBody)))
        case .firstByte: return refused(.fault(.timeout(stalled == .upstream ? .requestWrite : .response)))
        // Who sent FIN may have gone: the origin is not to blame for an answer that others are given more time for.
        case .clientEnded: return refused(.fault(.timeout(.halfClosedClient)))
        case .responseBody:
            // Nothing would be taken of what a gentler end still has to send.
            if stalled == .client { return reset(upstream: .reset, Ending(.client, .relay, .timeout)) }
            return cut(.timeout(.responseBody), upstream: .reset)
        case .flush: return reset(upstream: .none, nil)
        }
    }
}
