public import ApusPolicy
public import ApusWire

/// The one error value: what went wrong with a request, whose side it was on, and what the client is told.
public enum Fault: Error, Sendable, Equatable {
    /// The client's request is not what HTTP/1.1 allows.
    case request(RequestFault)
    /// The origin's response is not what HTTP/1.1 allows, or not whole.
    case response(ResponseFault)
    /// A rule, a guard or a cap says no.
    case refused(Refusal)
    /// The name could not be looked up.
    case lookUp(LookUpFault)
    /// No address of the host could be connected to.
    case dial(DialFailure)
    /// A deadline passed.
    case timeout(TimeoutFault)
    /// The connection to the origin broke.
    case terminated
    /// A proxy behind this one, which the request was to go by, cannot be used for it.
    case parent(ParentFault)
    /// The own pseudonym stands in Via (RFC 9110 §7.6.3).
    case loop
    /// The proxy itself was wrong, at this place; the process goes on.
    case internalError(OwnFault)
}

/// Why a name could not be looked up.
public enum LookUpFault: UInt8, Sendable, CaseIterable {
    /// There is no such name, or it has no address.
    case notFound
    /// A name under `.invalid`, which never exists: nobody is asked (RFC 6761 §6.4).
    case invalidName
    /// The name has one label, and is not in the hosts file.
    case singleLabel
    /// The resolver did not answer in time.
    case timedOut
    /// The resolver failed for now.
    case failed
    /// Too many look-ups wait.
    case overloaded
    /// The proxy's machine has none left of what a look-up takes.
    case exhausted
}

/// Which deadline passed.
public enum TimeoutFault: UInt8, Sendable, CaseIterable {
    /// The request head was not whole in time.
    case requestHead
    /// The request body made no progress.
    case requestBody
    /// The origin did not take the request.
    case requestWrite
    /// No connection to the origin in time.
    case connect
    /// No response head in time.
    case response
    /// The client has sent FIN, and no byte of an answer has come in the time that such a one is given.
    case halfClosedClient
    /// The response body made no progress.
    case responseBody
}

extension Fault {
    /// What a fault means to the client, the log and the metrics: one row for each case.
    struct Row {
        var status: UInt16
        var error: ProxyErrorType
        var label: StaticString
        var sentence: StaticString
        var ending: Ending
    }

    var row: Row {
        switch self {
        case .request(let fault):
            return Row(
                status: fault.status,
                error: fault.proxyErrorType,
                label: fault.metricLabel,
                sentence: fault.sentence,
                ending: Ending(.client, .read, .fault)
            )
        case .response(let fault):
            let closed = fault == .noResponse || fault == .incompleteHead || fault == .incompleteBody
            return Row(
                status: fault.status,
                error: fault.proxyErrorType,
                label: fault.metricLabel,
                sentence: fault.sentence,
                ending: Ending(.upstream, .relay, closed ? .closed : .fault)
            )
        case .refused(let refusal): return Fault.row(refusal)
        case .lookUp(let fault): return Fault.row(fault)
        case .dial(let failure): return Fault.row(failure)
        case .timeout(let fault): return Fault.row(fault)
        case .parent(let fault): return fault.row
        case .terminated:
            return Row(
                status: 502,
                error: .connectionTerminated,
                label: "connection_terminated",
                sentence: "The connection to the host broke before it had answered.",
                ending: Ending(.upstream, .relay, .reset)
            )
        case .loop:
            return Row(
                status: 502,
                error: .proxyLoopDetected,
                label: "proxy_loop_detected",
                sentence: "The request has already passed through this proxy.",
                ending: Ending(.proxy, .decide, .refused)
            )
        case .internalError:
            return Row(
                status: 500,
                error: .proxyInternalError,
                label: "proxy_internal_error",
                sentence: "The proxy failed to handle the request.",
                ending: Ending(.proxy, .relay, .failure)
            )
        }
    }

    private static func row(_ refusal: Refusal) -> Row {
        let how: Ending.How =
            switch refusal {
            case .policyTimeout, .authenticationTimeout: .timeout
            case .authenticatorUnavailable, .policyUnavailable: .failure
            default: refusal.status == 429 || refusal.status == 503 ? .limit : .refused
            }
        return Row(
            status: refusal.status,
            error: refusal.proxyErrorType,
            label: refusal.metricLabel,
            sentence: refusal.sentence,
            ending: Ending(.proxy, .decide, how)
        )
    }

    private static func row(_ fault: LookUpFault) -> Row {
        switch fault {
        case .notFound:
            return Row(
                status: 502,
                error: .dnsError,
                label: "dns_not_found",
                sentence: "The name of the host is not known.",
                ending: Ending(.upstream, .lookUp, .unreachable)
            )
        case .invalidName:
            return Row(
                status: 502,
                error: .dnsError,
                label: "invalid_name",
                sentence: "Names under .invalid never exist (RFC 6761).",
                ending: Ending(.client, .lookUp, .unreachable)
            )
        case .singleLabel:
            return Row(
                status: 502,
                error: .dnsError,
                label: "dns_single_label",
                sentence: "The name of the host has one label, and is not in the hosts file.",
                ending: Ending(.proxy, .lookUp, .unreachable)
            )
        case .timedOut:
            return Row(
                status: 504,
                error: .dnsTimeout,
                label: "dns_timeout",
                sentence: "The look-up of the host's name took too long.",
                ending: Ending(.upstream, .lookUp, .timeout)
            )
        case .failed:
            return Row(
                status: 502,
                error: .dnsError,
                label: "dns_failed",
                sentence: "The look-up of the host's name failed.",
                ending: Ending(.upstream, .lookUp, .unreachable)
            )
        case .overloaded, .exhausted: return want(fault)
        }
    }

    /// What is wanting is on this side.
    private static func want(_ fault: LookUpFault) -> Row {
        if fault == .exhausted {
            return Row(
                status: 503,
                error: .proxyInternalError,
                label: "dns_exhausted",
                sentence: "The proxy has no descriptor, memory or thread left for looking up the host's name.",
                ending: Ending(.proxy, .lookUp, .limit)
            )
        }
        return Row(
            status: 504,
            error: .dnsTimeout,
            label: "dns_overloaded",
            sentence: "Too many look-ups of names wait for the resolver.",
            ending: Ending(.proxy, .lookUp, .limit)
        )
    }

    private static func row(_ failure: DialFailure) -> Row {
        func row(_ status: UInt16, _ error: ProxyErrorType, _ who: Side, _ how: Ending.How) -> Row {
            Row(
                status: status,
                error: error,
                label: failure.label,
                sentence: failure.sentence,
                ending: Ending(who, .reach, how)
            )
        }
        switch failure {
        case .refused: return row(502, .connectionRefused, .upstream, .unreachable)
        case .unreachable: return row(502, .destinationIPUnroutable, .upstream, .unreachable)
        case .timedOut: return row(504, .connectionTimeout, .upstream, .timeout)
        case .reset: return row(502, .connectionTerminated, .upstream, .reset)
        case .prohibited: return row(502, .destinationIPUnroutable, .proxy, .unreachable)
        case .exhausted: return row(503, .destinationUnavailable, .proxy, .limit)
        case .other: return row(503, .destinationUnavailable, .upstream, .unreachable)
        }
    }

    private static func row(_ fault: TimeoutFault) -> Row {
        switch fault {
        case .requestHead:
            return Row(
                status: 408,
                error: .httpRequestError,
                label: "request_head_timeout",
                sentence: "The head of the request took too long to arrive.",
                ending: Ending(.client, .read, .timeout)
            )
        case .requestBody:
            return Row(
                status: 408,
                error: .httpRequestError,
                label: "request_body_timeout",
                sentence: "The body of the request made no progress for too long.",
                ending: Ending(.client, .relay, .timeout)
            )
        case .requestWrite:
            return Row(
                status: 504,
                error: .connectionWriteTimeout,
                label: "request_write_timeout",
                sentence: "The host did not take the request in time.",
                ending: Ending(.upstream, .relay, .timeout)
            )
        case .connect:
            return Row(
                status: 504,
                error: .connectionTimeout,
                label: "reach_timeout",
                sentence: "The host was not reached in time.",
                ending: Ending(.upstream, .reach, .timeout)
            )
        case .response, .halfClosedClient, .responseBody: return silence(fault)
        }
    }

    /// No answer, or no more of it.
    private static func silence(_ fault: TimeoutFault) -> Row {
        switch fault {
        case .halfClosedClient:
            return Row(
                status: 504,
                error: .connectionReadTimeout,
                label: "half_closed_client_timeout",
                sentence:
                    "The client had ended its side of the connection, and the host did not begin to answer in time.",
                ending: Ending(.client, .relay, .timeout)
            )
        case .responseBody:
            return Row(
                status: 504,
                error: .connectionReadTimeout,
                label: "response_body_timeout",
                sentence: "The body of the response made no progress for too long.",
                ending: Ending(.upstream, .relay, .timeout)
            )
        case .requestHead, .requestBody, .requestWrite, .connect, .response:
            return Row(
                status: 504,
                error: .httpResponseTimeout,
                label: "response_timeout",
                sentence: "The host did not begin to answer in time.",
                ending: Ending(.upstream, .relay, .timeout)
            )
        }
    }
}

extension Fault {
    /// The status of the answer while one can still be given.
    public var status: UInt16 { row.status }
    /// The RFC 9209 type for Proxy-Status.
    public var proxyErrorType: ProxyErrorType { row.error }
    /// The label of logs and metrics: a closed set.
    public var label: StaticString { row.label }
    /// What is wrong, in one sentence.
    public var sentence: StaticString { row.sentence }
    /// Who ended the exchange, where and how.
    public var ending: Ending { row.ending }
    /// The status that another proxy answered with in place of the host (RFC 9209 §2.1.4); nil where none did.
    public var receivedStatus: UInt16? {
        guard case .parent(let fault) = self else { return nil }
        return fault.receivedStatus
    }
    /// The place of an own fault; nil of all others.
    public var place: OwnFault? {
        guard case .internalError(let place) = self else { return nil }
        return place
    }

    /// The same in another stage: a fault of the framing may show in the head or in the middle of a body.
    func ending(at stage: Stage) -> Ending {
        var ending = row.ending
        ending.stage = stage
        return ending
    }
}
