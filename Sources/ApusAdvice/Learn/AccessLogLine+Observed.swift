internal import ApusFlow
internal import ApusPolicy
public import ApusReport
import ApusWire

extension AccessLogLine {
    /// What a policy can be learned from; nil for what was no request to an origin: one that was not understood, one that Apus
    /// answered itself, one that was asked for credentials.
    public var observed: ObservedRequest? {
        guard let host = text("host"), let method = text("method"), let kind = text("kind"),
            let port = number("port").flatMap({ UInt16(exactly: $0) }), !host.isEmpty, port > 0,
            let outcome
        else { return nil }
        let address = outcome == .served ? upstreamAddress : nil
        let plain = "\(Refusal.tunnelNotTLS.metricLabel)"
        return ObservedRequest(
            method,
            isTunnel: kind == AccessRecord.Kind.tunnel.word.description,
            host: host,
            port: port,
            user: text("user"),
            isPrivate: address.map { AddressClass.of($0.unmapped).isPrivate } ?? false,
            isPlainTunnel: outcome == .served && (text("unjudged") == plain || text("would_deny") == plain),
            metadataService: address.flatMap { MetadataService.contains($0.unwrapped) ? $0.unwrapped : nil },
            outcome: outcome
        )
    }

    private var outcome: ObservedRequest.Outcome? {
        if number("status") == 407 { return nil }
        guard let type = text("proxy_status") else {
            // Without a fault and without an answer the client has gone away.
            return number("status") == 0 ? .failed("no_answer") : .served
        }
        let label = text("fault") ?? type
        switch type {
        case ProxyErrorType.httpRequestError.token.description, ProxyErrorType.proxyInternalResponse.token.description:
            return nil
        case ProxyErrorType.httpRequestDenied.token.description,
            ProxyErrorType.destinationIPProhibited.token.description:
            return .denied(text("rule") ?? label)
        default:
            return .failed(label)
        }
    }

    /// The upstream's address, which stands with its port and perhaps in brackets.
    private var upstreamAddress: IPAddress? {
        guard let upstream = text("upstream"), let colon = upstream.lastIndex(of: ":") else { return nil }
        let host = upstream[..<colon]
        return IPAddress(host.first == "[" ? host.dropFirst().dropLast() : host)
    }
}
