/// What a fault is called, and what is said about it.
extension ResponseFault {
    /// The value of a metric's label and of the log's `fault`: stable, snake_case, unlike any of a request's.
    public var metricLabel: StaticString {
        switch self {
        case .malformedStatusLine: "response_malformed_status_line"
        case .unsupportedVersion: "response_unsupported_version"
        case .statusOutOfRange: "response_status_out_of_range"
        case .headTooLarge: "response_head_too_large"
        case .fieldLineTooLong: "response_field_line_too_long"
        case .tooManyFields: "response_too_many_fields"
        case .malformedFieldName: "response_malformed_field_name"
        case .malformedFieldValue: "response_malformed_field_value"
        case .obsoleteFolding: "response_obsolete_folding"
        case .bareCR: "response_bare_cr"
        case .bareLF: "response_bare_lf"
        case .leadingSpace: "response_leading_space"
        case .malformedContentLength: "response_malformed_content_length"
        case .differingContentLengths: "response_differing_content_lengths"
        case .lengthWithTransferEncoding: "response_length_with_transfer_encoding"
        case .unknownTransferCoding: "response_unknown_transfer_coding"
        case .malformedTransferEncoding: "response_malformed_transfer_encoding"
        case .transferEncodingInHTTP10: "response_transfer_encoding_in_http10"
        case .malformedChunk: "response_malformed_chunk"
        case .chunkExtensionsTooLong: "response_chunk_extensions_too_long"
        case .trailersTooLarge: "response_trailers_too_large"
        case .malformedTrailer: "response_malformed_trailer"
        case .unrequestedUpgrade: "response_unrequested_upgrade"
        case .contentBeforeFinal: "response_content_before_final"
        case .unexpectedBytes: "response_unexpected_bytes"
        case .incompleteHead: "response_incomplete_head"
        case .incompleteBody: "response_incomplete_body"
        case .noResponse: "no_response"
        }
    }

    /// What was wrong, in one plain sentence.
    public var sentence: StaticString {
        switch self {
        case .malformedStatusLine: "The server's status line is malformed."
        case .unsupportedVersion: "The server answered in an HTTP version that is not supported."
        case .statusOutOfRange: "The server's status code is not between 100 and 599."
        case .headTooLarge: "The response's header section is too large."
        case .fieldLineTooLong: "A header field of the response is too long."
        case .tooManyFields: "The response has too many header fields."
        case .malformedFieldName: "A header field's name in the response is malformed."
        case .malformedFieldValue: "A header field of the response holds a control character."
        case .obsoleteFolding: "A header field of the response is folded over several lines."
        case .bareCR: "The response has a carriage return without a line feed."
        case .bareLF: "A line of the response's head ends with a line feed alone."
        case .leadingSpace: "There is white space before the first header field of the response."
        case .malformedContentLength: "The response's Content-Length is not a valid number."
        case .differingContentLengths: "The response has several Content-Length values that differ."
        case .lengthWithTransferEncoding: "The response has both Content-Length and Transfer-Encoding."
        case .unknownTransferCoding: "The response's transfer coding is not supported."
        case .malformedTransferEncoding: "The response's Transfer-Encoding is malformed."
        case .transferEncodingInHTTP10: "An HTTP/1.0 response cannot use Transfer-Encoding."
        case .malformedChunk: "The response's chunked content is malformed."
        case .chunkExtensionsTooLong: "The response's chunk extensions are too long."
        case .trailersTooLarge: "The response's trailer section is too large."
        case .malformedTrailer: "A trailer field of the response is malformed."
        case .unrequestedUpgrade:
            "The server switched to a protocol that was not asked for, or before the request was whole."
        case .contentBeforeFinal: "The server sent content before its final response."
        case .unexpectedBytes: "The server sent bytes that belong to no response."
        case .incompleteHead: "The server closed the connection within the response's header section."
        case .incompleteBody: "The server closed the connection before the response was complete."
        case .noResponse: "The server closed the connection without a response."
        }
    }

    /// What the client's user may do about it: little, as it is the server that erred.
    public var hint: StaticString {
        switch self {
        case .incompleteHead, .incompleteBody, .noResponse:
            "Try again; if it happens again, the server or the network before it is at fault."
        case .unrequestedUpgrade:
            "The server, or something in front of it, handles Upgrade wrongly; its operator can mend that."
        case .headTooLarge, .fieldLineTooLong, .tooManyFields, .trailersTooLarge:
            "The server sends more header fields than this proxy takes; often these are cookies it sets."
        default:
            "The server breaks the rules of HTTP in a way that cannot be passed on safely; its operator can mend that."
        }
    }
}
