/// What a fault is called, and what is said about it.
extension RequestFault {
    /// The value of a metric's label and of the log's `fault`: stable, snake_case.
    public var metricLabel: StaticString {
        switch self {
        case .malformedRequestLine: "malformed_request_line"
        case .malformedMethod: "malformed_method"
        case .malformedTarget: "malformed_target"
        case .fragmentInTarget: "fragment_in_target"
        case .asteriskWithoutOptions: "asterisk_without_options"
        case .connectInOtherCase: "connect_in_other_case"
        case .unsupportedVersion: "unsupported_version"
        case .malformedVersion: "malformed_version"
        case .requestLineTooLong: "request_line_too_long"
        case .fieldLineTooLong: "field_line_too_long"
        case .headTooLarge: "head_too_large"
        case .tooManyFields: "too_many_fields"
        case .malformedFieldName: "malformed_field_name"
        case .spaceBeforeColon: "space_before_colon"
        case .malformedFieldValue: "malformed_field_value"
        case .obsoleteFolding: "obsolete_folding"
        case .bareCR: "bare_cr"
        case .bareLF: "bare_lf"
        case .leadingSpace: "leading_space"
        case .emptyLinesBeforeRequest: "empty_lines_before_request"
        case .missingHost: "missing_host"
        case .severalHosts: "several_hosts"
        case .malformedHost: "malformed_host"
        case .hostNotASCII: "host_not_ascii"
        case .unbracketedIPv6: "unbracketed_ipv6"
        case .zoneInHost: "zone_in_host"
        case .userinfoInTarget: "userinfo_in_target"
        case .portOutOfRange: "port_out_of_range"
        case .legacyIPv4Spelling: "legacy_ipv4_spelling"
        case .malformedContentLength: "malformed_content_length"
        case .repeatedContentLength: "repeated_content_length"
        case .lengthWithTransferEncoding: "length_with_transfer_encoding"
        case .unknownTransferCoding: "unknown_transfer_coding"
        case .malformedTransferEncoding: "malformed_transfer_encoding"
        case .transferEncodingInHTTP10: "transfer_encoding_in_http10"
        case .contentInConnect: "content_in_connect"
        case .connectTargetMalformed: "connect_target_malformed"
        case .connectPortMissing: "connect_port_missing"
        case .protectedFieldInConnection: "protected_field_in_connection"
        case .severalCredentials: "several_credentials"
        case .controlInCredentials: "control_in_credentials"
        case .malformedMaxForwards: "malformed_max_forwards"
        case .malformedUpgrade: "malformed_upgrade"
        case .malformedChunk: "malformed_chunk"
        case .chunkExtensionsTooLong: "chunk_extensions_too_long"
        case .trailersTooLarge: "trailers_too_large"
        case .malformedTrailer: "malformed_trailer"
        case .incompleteContent: "incomplete_content"
        case .slowHead: "slow_head"
        case .slowContent: "slow_content"
        case .unsupportedScheme: "unsupported_scheme"
        case .httpsWithoutConnect: "https_without_connect"
        case .originFormToProxy: "origin_form_to_proxy"
        case .notFoundHere: "not_found_here"
        case .http2Preface, .proxyHeaderMissing, .proxyHeaderMalformed, .proxyHeaderLate: ofConnection.label
        }
    }

    /// What was wrong, in one plain sentence.
    public var sentence: StaticString {
        switch self {
        case .malformedRequestLine:
            "The request line is not a method, a target and a version with one space between them."
        case .malformedMethod: "The method is not a valid name."
        case .malformedTarget: "The request target is not a valid URL."
        case .fragmentInTarget: "The URL holds a fragment, the part behind #."
        case .asteriskWithoutOptions: "The target * belongs to the method OPTIONS alone."
        case .connectInOtherCase: "The method is not written CONNECT, in capital letters."
        case .unsupportedVersion: "The HTTP version is not supported here."
        case .malformedVersion: "The HTTP version of the request line is malformed."
        case .requestLineTooLong: "The request line is too long."
        case .fieldLineTooLong: "A header field is too long."
        case .headTooLarge: "The header section is too large."
        case .tooManyFields: "There are too many header fields."
        case .malformedFieldName: "A header field's name is malformed."
        case .spaceBeforeColon: "There is white space between a header field's name and its colon."
        case .malformedFieldValue: "A header field's value holds a control character."
        case .obsoleteFolding: "A header field is folded over several lines."
        case .bareCR: "A carriage return stands without a line feed."
        case .bareLF: "A line ends with a line feed alone."
        case .leadingSpace: "There is white space between the request line and the first header field."
        case .emptyLinesBeforeRequest: "Too many empty lines precede the request line."
        case .missingHost: "The Host header field is missing."
        case .severalHosts: "There is more than one Host header field."
        case .malformedHost: "The host is malformed."
        case .hostNotASCII: "The host holds a character that is not ASCII."
        case .unbracketedIPv6: "The IPv6 address has no brackets around it."
        case .zoneInHost: "The IPv6 address has a zone, the part behind %."
        case .userinfoInTarget: "The URL holds a user name or a password."
        case .portOutOfRange: "The port is not a number from 1 to 65535."
        case .legacyIPv4Spelling: "The IPv4 address is not written as four decimal numbers."
        case .malformedContentLength: "Content-Length is not a valid number."
        case .repeatedContentLength: "Content-Length is given more than once."
        case .lengthWithTransferEncoding: "Content-Length and Transfer-Encoding are both present."
        case .unknownTransferCoding: "The transfer coding is not supported."
        case .malformedTransferEncoding: "Transfer-Encoding is malformed."
        case .transferEncodingInHTTP10: "An HTTP/1.0 request cannot use Transfer-Encoding."
        case .contentInConnect: "A CONNECT request cannot have content."
        case .connectTargetMalformed: "The target of CONNECT is not a host and a port."
        case .connectPortMissing: "The target of CONNECT has no port."
        case .protectedFieldInConnection: "The Connection header field names a field that must not be removed."
        case .severalCredentials: "There is more than one Proxy-Authorization header field."
        case .controlInCredentials: "The user name or the password for this proxy holds a control character."
        case .malformedMaxForwards: "Max-Forwards is not a valid number."
        case .malformedUpgrade: "The Upgrade header field is malformed."
        case .malformedChunk: "The chunked content is malformed."
        case .chunkExtensionsTooLong: "The chunk extensions are too long."
        case .trailersTooLarge: "The trailer section is too large."
        case .malformedTrailer: "A trailer field is malformed."
        case .incompleteContent: "The request ended before its content was complete."
        case .slowHead: "The request's header section did not arrive in time."
        case .slowContent: "The request's content came too slowly."
        case .unsupportedScheme: "The URL's scheme is not supported."
        case .httpsWithoutConnect: "This proxy does not fetch https URLs on a client's behalf."
        case .originFormToProxy: "The request is written for a web server, not for a proxy."
        case .notFoundHere: "There is no such page on the proxy itself."
        case .http2Preface, .proxyHeaderMissing, .proxyHeaderMalformed, .proxyHeaderLate: ofConnection.sentence
        }
    }

    /// What the sender may do about it.
    public var hint: StaticString {
        switch self {
        case .malformedRequestLine: "Send a line such as: GET http://example.com/ HTTP/1.1"
        case .malformedMethod:
            "A method consists of letters, such as GET or POST; TLS or another protocol on this port is not understood."
        case .malformedTarget: "Percent-encode spaces and control characters in the URL."
        case .fragmentInTarget: "Leave # and what follows it out: it is the client's own. In a path it is written %23."
        case .asteriskWithoutOptions: "Send the whole URL in the request line: GET http://example.com/ HTTP/1.1"
        case .connectInOtherCase: "Methods are case-sensitive. Send a line such as: CONNECT example.com:443 HTTP/1.1"
        case .unsupportedVersion: "Use HTTP/1.1 or HTTP/1.0 towards this proxy."
        case .malformedVersion: "It must be HTTP/1.1 or HTTP/1.0, in capital letters."
        case .requestLineTooLong: "Send long input in the content of a POST request rather than in the URL."
        case .fieldLineTooLong: "Look for an overgrown cookie, or delete the site's cookies."
        case .headTooLarge: "Look for overgrown cookies, or delete the site's cookies."
        case .tooManyFields: "Send fewer header fields."
        case .malformedFieldName: "Each header line must be a name, a colon and a value."
        case .spaceBeforeColon: "Remove the white space before the colon."
        case .malformedFieldValue: "Remove control characters from the header fields."
        case .obsoleteFolding: "Write each header field on one line."
        case .bareCR, .bareLF: "End each line with CR and LF."
        case .leadingSpace: "Begin each header line with the field's name."
        case .emptyLinesBeforeRequest: "Begin with the request line."
        case .missingHost: "An HTTP/1.1 request must carry one Host header field."
        case .severalHosts: "Send exactly one Host header field."
        case .malformedHost: "The host must be a name or an address, with an optional port."
        case .hostNotASCII: "Send the name in its ASCII form, which begins with xn--."
        case .unbracketedIPv6: "Write it in brackets, such as in [2001:db8::1]:443."
        case .zoneInHost: "Leave % and what follows it out: a zone means something on the client's own machine only."
        case .userinfoInTarget: "Send credentials in the Authorization header field instead."
        case .portOutOfRange: "Correct the port in the URL."
        case .legacyIPv4Spelling: "Write the address as four decimal numbers, such as 192.0.2.1."
        case .malformedContentLength: "Content-Length must consist of decimal digits alone."
        case .repeatedContentLength: "Send Content-Length once."
        case .lengthWithTransferEncoding: "Send one of the two."
        case .unknownTransferCoding: "Use chunked alone; compress with Content-Encoding instead."
        case .malformedTransferEncoding: "It must be exactly: chunked"
        case .transferEncodingInHTTP10: "Send Content-Length, or use HTTP/1.1."
        case .contentInConnect: "Send data once the tunnel has been established."
        case .connectTargetMalformed: "Send a line such as: CONNECT example.com:443 HTTP/1.1"
        case .connectPortMissing: "Name the port, such as in example.com:443."
        case .protectedFieldInConnection:
            "Do not list Host, Content-Length, Transfer-Encoding, Cookie, Authorization or Via in Connection."
        case .severalCredentials: "Send the credentials for this proxy once."
        case .controlInCredentials: "Look for a line end or a tab behind the password, as when it was read from a file."
        case .malformedMaxForwards: "Max-Forwards must consist of decimal digits alone."
        case .malformedUpgrade: "It must name protocols, such as: websocket"
        case .malformedChunk: "Each chunk needs its size in hexadecimal digits, CR LF, its data, and CR LF."
        case .chunkExtensionsTooLong: "Leave chunk extensions out; they are not passed on."
        case .trailersTooLarge: "Send fewer or shorter trailer fields."
        case .malformedTrailer: "Each trailer line must be a name, a colon and a value."
        case .incompleteContent: "Send as many bytes as Content-Length says, or the last chunk."
        case .slowHead: "Send the request without pausing."
        case .slowContent: "Send the content faster, or try again."
        case .unsupportedScheme: "Use http URLs, or CONNECT for a tunnel to anything else."
        case .httpsWithoutConnect: "Use CONNECT, as clients do once this proxy is set as their proxy for https."
        case .originFormToProxy: "Send the whole URL in the request line: GET http://example.com/ HTTP/1.1"
        case .notFoundHere: "The page / tells how to use this proxy."
        case .http2Preface, .proxyHeaderMissing, .proxyHeaderMalformed, .proxyHeaderLate: ofConnection.hint
        }
    }

    /// What is called and said of a connection that begins as none does here.
    private var ofConnection: (label: StaticString, sentence: StaticString, hint: StaticString) {
        switch self {
        case .proxyHeaderMissing:
            (
                "proxy_header_missing", "The connection does not begin with a header of the PROXY protocol.",
                "This port is for a balancer that announces its clients, as HAProxy does with send-proxy; others use another port."
            )
        case .proxyHeaderMalformed:
            (
                "proxy_header_malformed", "The header of the PROXY protocol is malformed.",
                "It is version 1, a line of 107 bytes at most, or version 2, 4 KiB at most."
            )
        case .proxyHeaderLate:
            (
                "proxy_header_late", "The header of the PROXY protocol did not arrive in time.",
                "Send it at once, before anything else."
            )
        default:
            (
                "http2_preface", "HTTP/2 is not spoken on this port.",
                "Use HTTP/1.1 towards this proxy; HTTP/2 works through a CONNECT tunnel."
            )
        }
    }
}
