/// The error types of the Proxy-Status field (RFC 9209 §2.3), all that its registry was opened with.
public enum ProxyErrorType: UInt8, Sendable, CaseIterable {
    /// The name look-up took too long.
    case dnsTimeout
    /// The name look-up failed; parameters `rcode`, `info-code`.
    case dnsError
    /// It cannot be told which next hop to use.
    case destinationNotFound
    /// The next hop is known to be out of service.
    case destinationUnavailable
    /// The address must not be reached; 502 in the RFC, 403 here, since it is this proxy's rule.
    case destinationIPProhibited
    /// There is no route to the address.
    case destinationIPUnroutable
    /// The next hop refused the connection.
    case connectionRefused
    /// The connection ended before a response was complete.
    case connectionTerminated
    /// The connection could not be opened in time.
    case connectionTimeout
    /// Nothing was read in time.
    case connectionReadTimeout
    /// Nothing could be written in time.
    case connectionWriteTimeout
    /// The cap on connections is reached.
    case connectionLimitReached
    /// TLS failed with the next hop.
    case tlsProtocolError
    /// The next hop's certificate could not be verified.
    case tlsCertificateError
    /// The next hop sent a TLS alert; parameters `alert-id`, `alert-message`.
    case tlsAlertReceived
    /// The request is at fault (any 4xx); parameters `status-code`, `status-phrase`.
    case httpRequestError
    /// The request is refused by policy.
    case httpRequestDenied
    /// The response was cut short.
    case httpResponseIncomplete
    /// The response's header section is too large; parameter `header-section-size`.
    case httpResponseHeaderSectionSize
    /// One of its fields is too large; parameters `header-name`, `header-size`.
    case httpResponseHeaderSize
    /// Its content is too large; parameter `body-size`.
    case httpResponseBodySize
    /// Its trailer section is too large; parameter `trailer-section-size`.
    case httpResponseTrailerSectionSize
    /// One of its trailers is too large; parameters `trailer-name`, `trailer-size`.
    case httpResponseTrailerSize
    /// Its transfer coding cannot be decoded; parameter `coding`.
    case httpResponseTransferCoding
    /// Its content coding cannot be decoded; parameter `coding`.
    case httpResponseContentCoding
    /// The response was not complete in time.
    case httpResponseTimeout
    /// The change to another protocol failed.
    case httpUpgradeFailed
    /// The next hop broke the rules of HTTP.
    case httpProtocolError
    /// This proxy made the response itself, of whatever status; ``status`` is only its most common one.
    case proxyInternalResponse
    /// This proxy failed.
    case proxyInternalError
    /// This proxy is configured wrongly.
    case proxyConfigurationError
    /// The request has been here before.
    case proxyLoopDetected
}

extension ProxyErrorType {
    /// The name on the wire, and the label of `apus_errors_total`.
    public var token: StaticString {
        switch self {
        case .dnsTimeout: "dns_timeout"
        case .dnsError: "dns_error"
        case .destinationNotFound: "destination_not_found"
        case .destinationUnavailable: "destination_unavailable"
        case .destinationIPProhibited: "destination_ip_prohibited"
        case .destinationIPUnroutable: "destination_ip_unroutable"
        case .connectionRefused: "connection_refused"
        case .connectionTerminated: "connection_terminated"
        case .connectionTimeout: "connection_timeout"
        case .connectionReadTimeout: "connection_read_timeout"
        case .connectionWriteTimeout: "connection_write_timeout"
        case .connectionLimitReached: "connection_limit_reached"
        case .tlsProtocolError: "tls_protocol_error"
        case .tlsCertificateError: "tls_certificate_error"
        case .tlsAlertReceived: "tls_alert_received"
        case .httpRequestError: "http_request_error"
        case .httpRequestDenied: "http_request_denied"
        case .httpResponseIncomplete: "http_response_incomplete"
        case .httpResponseHeaderSectionSize: "http_response_header_section_size"
        case .httpResponseHeaderSize: "http_response_header_size"
        case .httpResponseBodySize: "http_response_body_size"
        case .httpResponseTrailerSectionSize: "http_response_trailer_section_size"
        case .httpResponseTrailerSize: "http_response_trailer_size"
        case .httpResponseTransferCoding: "http_response_transfer_coding"
        case .httpResponseContentCoding: "http_response_content_coding"
        case .httpResponseTimeout: "http_response_timeout"
        case .httpUpgradeFailed: "http_upgrade_failed"
        case .httpProtocolError: "http_protocol_error"
        case .proxyInternalResponse: "proxy_internal_response"
        case .proxyInternalError: "proxy_internal_error"
        case .proxyConfigurationError: "proxy_configuration_error"
        case .proxyLoopDetected: "proxy_loop_detected"
        }
    }

    /// The status that goes with it: RFC 9209's recommendation, but for an address that this proxy prohibits.
    public var status: UInt16 {
        switch self {
        case .proxyInternalResponse:
            200
        case .httpRequestError:
            400
        case .destinationIPProhibited, .httpRequestDenied:
            403
        case .destinationNotFound, .proxyInternalError, .proxyConfigurationError:
            500
        case .destinationUnavailable, .connectionLimitReached:
            503
        case .dnsTimeout, .connectionTimeout, .connectionReadTimeout, .connectionWriteTimeout,
            .httpResponseTimeout:
            504
        default:
            502
        }
    }
}
