import ApusFlow
import ApusWire

/// An access line as a JSON object. The names are stable; new ones may be added. What is not known is left out.
///
/// | field | what |
/// | --- | --- |
/// | `time` | when the request began, ISO 8601 in UTC with microseconds |
/// | `id` | the decision id, 16 hexadecimal digits, as in the proxy's own answers |
/// | `kind` | `request`, `tunnel` or `upgrade` |
/// | `client`, `client_port` | who asked |
/// | `peer` | the address and port of the balancer that announced the client by the PROXY protocol |
/// | `listener` | where |
/// | `user` | the authenticated user's name |
/// | `groups` | the groups that the user's credentials name, with commas between them; left out if there are none |
/// | `method`, `scheme`, `host`, `port`, `path`, `http_version` | what was asked for; `path` has the query |
/// | `protocol`, `claimed_user` | the protocol where it is not HTTP, and what a client of SOCKS 4 says of its user, which nobody has verified |
/// | `status` | the status sent to the client, 0 if none was |
/// | `bytes_from_client`, `bytes_to_client`, `bytes_from_upstream`, `bytes_to_upstream` | what passed, heads included |
/// | `bytes_unread` | where the request was answered before it was whole: how many bytes of it came behind the answer, and were read by nobody |
/// | `decide_us`, `look_up_us`, `connect_us`, `first_byte_us`, `total_us` | the phases, in microseconds |
/// | `upstream`, `reused` | the address that was used, and whether the connection came from the pool |
/// | `user_agent`, `referer` | which program asked, and from which page, as it says itself |
/// | `content_type` | the type of what came |
/// | `rule` | the policy's rule that decided, by its name or place |
/// | `would_deny` | the first report-only rule that would have refused it, or why a tunnel's ClientHello would have been |
/// | `server_name` | the host that a tunnel's ClientHello names, where it is another one |
/// | `parent` | the proxy between, by its name in the settings; left out for the direct way |
/// | `route_reason` | why it went by it: `rule`, `default`, or `failover` behind one that failed or is out of service |
/// | `judged` | what the guard has judged of a host behind a parent: `address`, or `name` alone |
/// | `unjudged` | why the name inside a tunnel could not be held against the rules that deny by name |
/// | `ending` | two letters, `--` if all went well; see ``Ending`` |
/// | `ended_by`, `ended_in`, `ended_how` | the same in words; left out if all went well |
/// | `proxy_status` | the RFC 9209 error type of the proxy's own answer |
/// | `fault` | the label of the refusal or fault, as in the metrics |
/// | `reason` | the same for people |
struct JSONLogLine {
    let redactQueries: QueryRedaction

    func append(_ record: AccessRecord, to line: inout [UInt8]) {
        line.write(text: "{\"time\":\"")
        HTTPDate.writeISO8601(microsecondsSince1970: record.startedAt, precision: .microseconds, into: &line)
        line.write(text: "\",\"id\":\"")
        line.write(hexadecimal: record.id)
        line.append(0x22)
        word(#","kind":""#, record.kind.word, to: &line)
        text(#","client":""#, record.clientAddress, to: &line)
        number(#","client_port":"#, record.clientPort, to: &line)
        text(#","peer":""#, record.peer, to: &line)
        text(#","listener":""#, record.listener, to: &line)
        text(#","user":""#, record.user, to: &line)
        if !record.groups.isEmpty { text(#","groups":""#, record.groups.joined(separator: ","), to: &line) }
        target(of: record, to: &line)
        number(#","status":"#, record.status, to: &line)
        number(#","bytes_from_client":"#, record.bytes.fromClient, to: &line)
        number(#","bytes_to_client":"#, record.bytes.toClient, to: &line)
        number(#","bytes_from_upstream":"#, record.bytes.fromUpstream, to: &line)
        number(#","bytes_to_upstream":"#, record.bytes.toUpstream, to: &line)
        if let unread = record.unread { number(#","bytes_unread":"#, unread, to: &line) }
        times(record.times, to: &line)
        if let upstream = record.upstream {
            text(#","upstream":""#, upstream, to: &line)
            line.write(text: record.reused ? ",\"reused\":true" : ",\"reused\":false")
        }
        text(#","user_agent":""#, record.userAgent, to: &line)
        text(#","referer":""#, record.shownReferer(redactQueries), to: &line)
        text(#","content_type":""#, record.contentType, to: &line)
        text(#","parent":""#, record.parent, to: &line)
        text(#","route_reason":""#, record.routeReason, to: &line)
        text(#","judged":""#, record.judged, to: &line)
        text(#","rule":""#, record.rule, to: &line)
        text(#","would_deny":""#, record.wouldDeny, to: &line)
        text(#","server_name":""#, record.serverName, to: &line)
        text(#","unjudged":""#, record.unjudged, to: &line)
        ending(record.ending, to: &line)
        text(#","proxy_status":""#, record.proxyStatus, to: &line)
        text(#","fault":""#, record.fault, to: &line)
        text(#","reason":""#, record.reason, to: &line)
        line.write(text: "}\n")
    }

    private func target(of record: AccessRecord, to line: inout [UInt8]) {
        if !record.method.isEmpty { text(#","method":""#, record.method, to: &line) }
        text(#","scheme":""#, record.scheme, to: &line)
        if !record.host.isEmpty { text(#","host":""#, record.host, to: &line) }
        if record.port > 0 { number(#","port":"#, record.port, to: &line) }
        if !record.path.isEmpty {
            line.write(text: ",\"path\":\"")
            record.writePath(redactQueries: redactQueries, .json, into: &line)
            line.append(0x22)
        }
        if !record.httpVersion.isEmpty { text(#","http_version":""#, record.httpVersion, to: &line) }
        text(#","protocol":""#, record.clientProtocol, to: &line)
        text(#","claimed_user":""#, record.claimedUser, to: &line)
    }

    private func times(_ times: PhaseTimes, to line: inout [UInt8]) {
        if let decide = times.decide { number(#","decide_us":"#, decide, to: &line) }
        if let lookUp = times.lookUp { number(#","look_up_us":"#, lookUp, to: &line) }
        if let connect = times.connect { number(#","connect_us":"#, connect, to: &line) }
        if let firstByte = times.firstByte { number(#","first_byte_us":"#, firstByte, to: &line) }
        number(#","total_us":"#, times.total, to: &line)
    }

    private func ending(_ ending: Ending, to line: inout [UInt8]) {
        line.write(text: ",\"ending\":\"")
        ending.writeCode(into: &line)
        line.append(0x22)
        guard !ending.isComplete else { return }
        word(#","ended_by":""#, ending.who.word, to: &line)
        word(#","ended_in":""#, ending.stage.word, to: &line)
        word(#","ended_how":""#, ending.how.word, to: &line)
    }

    /// Appends a member; `opening` is all of it up to the value, so that it costs one copy.
    private func text(_ opening: String, _ value: String?, to line: inout [UInt8]) {
        guard let value else { return }
        line.write(text: opening)
        TextEscape.json.write(value, into: &line)
        line.append(0x22)
    }

    private func word(_ opening: String, _ value: StaticString, to line: inout [UInt8]) {
        line.write(text: opening)
        line.write(text: value)
        line.append(0x22)
    }

    private func number(_ opening: String, _ value: UInt64, to line: inout [UInt8]) {
        line.write(text: opening)
        line.write(decimal: value)
    }

    private func number(_ opening: String, _ value: UInt16, to line: inout [UInt8]) {
        number(opening, UInt64(value), to: &line)
    }

    private func number(_ opening: String, _ value: Int64, to line: inout [UInt8]) {
        line.write(text: opening)
        line.write(decimal: value)
    }
}
