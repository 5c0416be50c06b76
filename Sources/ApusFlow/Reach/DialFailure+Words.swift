extension DialFailure {
    /// The label of logs and metrics: a closed set.
    var label: StaticString {
        switch self {
        case .refused: "connection_refused"
        case .unreachable: "unroutable"
        case .timedOut: "connection_timeout"
        case .reset: "connection_reset"
        case .prohibited: "prohibited"
        case .exhausted: "descriptors_exhausted"
        case .other: "connect_failed"
        }
    }

    /// What is wrong, in one sentence.
    var sentence: StaticString {
        switch self {
        case .refused: "The host refused the connection: nothing listens there."
        case .unreachable: "There is no route to the host."
        case .timedOut: "The host did not accept the connection in time."
        case .reset: "The host reset the connection at once."
        case .prohibited: "The proxy's machine may not connect to the host."
        case .exhausted: "The proxy has no descriptor or port left for another connection."
        case .other: "The connection to the host failed."
        }
    }

    /// What to do about it.
    var hint: StaticString {
        switch self {
        case .refused: "Check that the host is up and the port is right."
        case .unreachable: "Check the address, and that the proxy's machine is in a network that leads there."
        case .timedOut: "Check that the host is up and no firewall drops what is sent to that port."
        case .reset: "Check that the port is right; a firewall in between may refuse it."
        case .prohibited: "The firewall or a route of the proxy's machine forbids it."
        case .exhausted: "Try again later; a higher limit of open files on the proxy's machine gives it more room."
        case .other: "Try again; if it happens again, look at the network of the proxy's machine."
        }
    }
}
