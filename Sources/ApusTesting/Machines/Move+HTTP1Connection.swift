package import ApusFlow
package import ApusWire

/// The events of a client's connection and its exchange. Heads are written as their lines; a head that is faulty is told as its fault, as
/// the proxy does it.
extension Move where Machine == HTTP1Connection {
    /// A part of a head has come.
    package static var headBegan: Move { Move("headBegan") { $0.headBegan() } }

    /// A whole request head has come.
    ///
    /// - Parameters:
    ///   - lines: the request line and the field lines, without line ends.
    ///   - pseudonym: the proxy's own name in Via.
    package static func requested(_ lines: String..., pseudonym: String = "apus-test") -> Move {
        let bytes = WireHead.bytes(lines)
        return Move("requested(\(lines.joined(separator: " | ")))") { connection in
            do throws(RequestFault) {
                return connection.requested(try WireHead.request(bytes, pseudonym: Array(pseudonym.utf8)))
            } catch {
                return connection.refused(.fault(.request(error)))
            }
        }
    }

    /// A rule, a look-up or an attempt to connect says no; or the answer is the proxy's own.
    package static func refused(_ answer: Answer) -> Move { Move("refused(\(answer))") { $0.refused(answer) } }

    /// The same for a fault.
    package static func refused(_ fault: Fault) -> Move { refused(.fault(fault)) }

    /// The client is asked for credentials.
    package static func challenged(_ fault: Fault) -> Move {
        Move("challenged(\(fault))") { $0.challenged(.fault(fault)) }
    }

    /// A connection to the origin stands.
    package static func reached(reused: Bool = false) -> Move {
        Move("reached(reused: \(reused))") { $0.reached(reused: reused) }
    }

    /// The connection that is kept for the client will serve the request.
    package static var bind: Move {
        Move("bind") { connection in
            connection.bind()
            return .none
        }
    }

    /// A whole response head has come.
    ///
    /// - Parameter lines: the status line and the field lines, without line ends.
    package static func responded(_ lines: String...) -> Move {
        let bytes = WireHead.bytes(lines)
        return Move("responded(\(lines.joined(separator: " | ")))") { connection in
            do throws(ResponseFault) {
                let facts = try WireHead.response(bytes, method: connection.method, upgrade: connection.upgrade)
                return connection.responded(facts)
            } catch {
                return connection.responseFaulted(error)
            }
        }
    }

    /// The request body has been forwarded to its end.
    package static var requestBodyEnded: Move { Move("requestBodyEnded") { $0.requestBodyEnded() } }
    /// The response body has been forwarded to its end, or there is none.
    package static var responseBodyEnded: Move { Move("responseBodyEnded") { $0.responseBodyEnded() } }
    /// The response is not what HTTP/1.1 allows.
    package static func responseFaulted(_ fault: ResponseFault) -> Move {
        Move("responseFaulted(\(fault))") { $0.responseFaulted(fault) }
    }
    /// Bytes have come behind the response.
    package static var upstreamOverran: Move {
        Move("upstreamOverran") { connection in
            connection.upstreamOverran()
            return .none
        }
    }
    /// The origin has sent FIN.
    package static func upstreamEnded(partialHead: Bool = false) -> Move {
        Move("upstreamEnded(partialHead: \(partialHead))") { $0.upstreamEnded(partialHead: partialHead) }
    }
    /// The connection to the origin broke.
    package static func upstreamFailed(_ fault: Fault = .terminated, partialHead: Bool = false) -> Move {
        Move("upstreamFailed(\(fault.label), partialHead: \(partialHead))") {
            $0.upstreamFailed(fault, partialHead: partialHead)
        }
    }
    /// The client has sent FIN.
    package static var clientEnded: Move { Move("clientEnded") { $0.clientEnded() } }
    /// The client's connection broke.
    package static var clientFailed: Move { Move("clientFailed") { $0.clientFailed() } }
    /// What had to wait for the client has left.
    package static var clientDrained: Move { Move("clientDrained") { $0.clientDrained() } }
    /// The connection has just been accepted.
    package static var accepted: Move { Move("accepted") { $0.accepted() } }
    /// The connection is ended at once.
    package static var stopped: Move { Move("stopped") { $0.stopped() } }
    /// The proxy drains.
    package static var drained: Move { Move("drained") { $0.drained() } }
    /// The deadline that runs has passed.
    ///
    /// - Parameters:
    ///   - stalled: the side that does not take what waits for it.
    ///   - came: how many bytes of the request have come.
    ///   - idle: how long ago the last byte passed, in ticks; `.max`: longer than any time.
    ///   - times: how long the deadlines are.
    package static func expired(
        stalled: Side? = nil,
        came: UInt64 = 0,
        idle: UInt32 = .max,
        times: DeadlineTimes = DeadlineTimes()
    ) -> Move {
        var progress = TransferProgress()
        progress.clientIsBehind = stalled == .client
        progress.upstreamIsBehind = stalled == .upstream
        progress.came = came
        progress.clientIdle = idle
        return expired(progress, times)
    }
    /// The same, by what has moved.
    package static func expired(_ progress: TransferProgress, _ times: DeadlineTimes) -> Move {
        var words: [String] = []
        if let stalled = progress.stalled { words.append("stalled: \(stalled.word)") }
        if progress.came > 0 { words.append("came: \(progress.came)") }
        if progress.clientIdle < .max { words.append("idle: \(progress.clientIdle)") }
        let name = words.isEmpty ? "expired" : "expired(\(words.joined(separator: ", ")))"
        return Move(name) { $0.expired(progress, times) }
    }
    /// The deadline that runs has passed, and neither side stalls.
    package static var expired: Move { expired() }
}

/// Heads as text, judged by the product's own rules.
enum WireHead {
    static func bytes(_ lines: [String]) -> [UInt8] { Array((lines + ["", ""]).joined(separator: "\r\n").utf8) }

    static func request(_ bytes: [UInt8], pseudonym: [UInt8]) throws(RequestFault) -> RequestProperties {
        var fields = FieldTable()
        switch RequestParser.parse(bytes.span, limits: HeadLimits(), fields: &fields) {
        case .complete(let head):
            let target = try RequestTarget.parse(bytes.span, head)
            return try RequestProperties.judge(bytes.span, head, target, fields, pseudonym: pseudonym)
        case .incomplete: throw .malformedRequestLine
        case .invalid(let fault): throw fault
        }
    }

    static func response(
        _ bytes: [UInt8],
        method: Method,
        upgrade: UpgradeOffer
    ) throws(ResponseFault) -> ResponseProperties {
        var fields = FieldTable()
        switch ResponseParser.parse(bytes.span, limits: .response, fields: &fields) {
        case .complete(let head):
            return try ResponseProperties.judge(bytes.span, head, fields, method: method, upgrade: upgrade)
        case .incomplete: throw .incompleteHead
        case .invalid(let fault): throw fault
        }
    }
}
