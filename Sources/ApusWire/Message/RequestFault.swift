/// Every way a request's head or content can be wrong, or be none that a proxy serves.
///
/// None of them is repaired. A fault is answered with ``status`` and the connection closed (RFC 9112 §2.2, §6.3).
public enum RequestFault: UInt8, Sendable, CaseIterable {
    /// Not `method SP target SP version` (RFC 9112 §3).
    case malformedRequestLine
    /// The method is not a token (RFC 9110 §9.1).
    case malformedMethod
    /// The target is none of the four forms (RFC 9112 §3.2).
    case malformedTarget
    /// A fragment, which is no part of a request target (RFC 9112 §3.2).
    case fragmentInTarget
    /// `*` with another method than OPTIONS (RFC 9112 §3.2.4).
    case asteriskWithoutOptions
    /// A method that differs from CONNECT in case alone: methods are case-sensitive (RFC 9110 §9.1).
    case connectInOtherCase
    /// A major version other than 1 (RFC 9110 §15.6.6).
    case unsupportedVersion
    /// The version is not `HTTP/` DIGIT `.` DIGIT (RFC 9112 §2.3).
    case malformedVersion
    /// The request line exceeds its limit (RFC 9112 §3).
    case requestLineTooLong
    /// One field line exceeds its limit (RFC 9110 §5.4).
    case fieldLineTooLong
    /// The whole head exceeds its limit (RFC 9110 §5.4).
    case headTooLarge
    /// More field lines than allowed (RFC 6585 §5).
    case tooManyFields
    /// A field name is not a token, or there is no colon (RFC 9112 §5).
    case malformedFieldName
    /// White space between field name and colon (RFC 9112 §5.1).
    case spaceBeforeColon
    /// A control character in a field value (RFC 9110 §5.5).
    case malformedFieldValue
    /// A field value continued on the next line (RFC 9112 §5.2).
    case obsoleteFolding
    /// A CR that no LF follows (RFC 9112 §2.2).
    case bareCR
    /// An LF that no CR precedes (RFC 9112 §2.2).
    case bareLF
    /// White space before the first field line (RFC 9112 §2.2).
    case leadingSpace
    /// More empty lines before a request line than are skipped (RFC 9112 §2.2).
    case emptyLinesBeforeRequest
    /// HTTP/1.1 without Host (RFC 9112 §3.2).
    case missingHost
    /// More than one Host field line (RFC 9112 §3.2).
    case severalHosts
    /// A host that is no name and no address (RFC 9110 §7.2).
    case malformedHost
    /// A host with a byte that is not ASCII: such names come as `xn--` labels (RFC 5891).
    case hostNotASCII
    /// An IPv6 address without brackets, which hide where its port begins (RFC 3986 §3.2.2).
    case unbracketedIPv6
    /// An IPv6 address with a zone: it means something on the sender's own machine only (RFC 9110 §4.2.1 knows none).
    case zoneInHost
    /// `user:password@` in the target (RFC 9110 §4.2.4).
    case userinfoInTarget
    /// A port that is no number from 1 to 65535 (RFC 3986 §3.2.3).
    case portOutOfRange
    /// An octal, hexadecimal, short or decimal IPv4 address.
    case legacyIPv4Spelling
    /// Content-Length is not 1*DIGIT, or overflows (RFC 9110 §8.6).
    case malformedContentLength
    /// Several Content-Length values, equal or not (RFC 9112 §6.3).
    case repeatedContentLength
    /// Content-Length beside Transfer-Encoding (RFC 9112 §6.1).
    case lengthWithTransferEncoding
    /// A transfer coding other than chunked (RFC 9112 §6.1).
    case unknownTransferCoding
    /// Transfer-Encoding is malformed or does not end in one chunked (RFC 9112 §6.3).
    case malformedTransferEncoding
    /// Transfer-Encoding in an HTTP/1.0 request (RFC 9112 §6.1).
    case transferEncodingInHTTP10
    /// A CONNECT request with content (RFC 9110 §9.3.6).
    case contentInConnect
    /// The target of CONNECT is not `host:port` (RFC 9112 §3.2.3).
    case connectTargetMalformed
    /// The target of CONNECT has no port (RFC 9110 §9.3.6).
    case connectPortMissing
    /// Connection names a field that frames, routes or authorises (RFC 9110 §7.6.1).
    case protectedFieldInConnection
    /// More than one Proxy-Authorization field line (RFC 9110 §11.7.2 knows one).
    case severalCredentials
    /// The name or the password of Basic holds a control character (RFC 7617 §2).
    case controlInCredentials
    /// Max-Forwards is not 1*DIGIT, or overflows (RFC 9110 §7.6.2).
    case malformedMaxForwards
    /// Upgrade is no list of protocols (RFC 9110 §7.8).
    case malformedUpgrade
    /// Chunked framing is wrong (RFC 9112 §7.1).
    case malformedChunk
    /// Chunk extensions exceed their limit (RFC 9112 §7.1.1).
    case chunkExtensionsTooLong
    /// The trailer section exceeds its limit (RFC 9110 §6.5).
    case trailersTooLarge
    /// A trailer field line is malformed (RFC 9112 §7.1.2).
    case malformedTrailer
    /// The client ended its side before the content was through (RFC 9112 §8).
    case incompleteContent
    /// The head did not arrive in time (RFC 9110 §15.5.9).
    case slowHead
    /// The content came too slowly (RFC 9110 §15.5.9).
    case slowContent
    /// An absolute-form target of another scheme than http.
    case unsupportedScheme
    /// An `https` URL in absolute-form.
    case httpsWithoutConnect
    /// Origin-form with a foreign Host: a request meant for an origin.
    case originFormToProxy
    /// Origin-form with this proxy's own Host.
    case notFoundHere
    /// The connection preface of HTTP/2 (RFC 9113 §3.4).
    case http2Preface
    /// What came where a header of the PROXY protocol is wanted is none.
    case proxyHeaderMissing
    /// The header of the PROXY protocol is malformed.
    case proxyHeaderMalformed
    /// The header of the PROXY protocol did not arrive in time.
    case proxyHeaderLate
    /// A header of the PROXY protocol, where none is taken.
    case proxyHeaderNotTaken
    /// A TLS record, where plain text is taken (RFC 8446 §5.1).
    case tlsRecord
    /// The identification of SSH (RFC 4253 §4.2).
    case sshIdentification
    /// A message of SOCKS that is not made as it should be (RFC 1928, RFC 1929).
    case malformedSOCKS
    /// No method of authentication of SOCKS that is known here (RFC 1928 §3).
    case socksMethods
    /// A command of SOCKS other than CONNECT (RFC 1928 §4).
    case socksCommand
    /// A type of address of SOCKS that is not known (RFC 1928 §5).
    case socksAddressType
}

extension RequestFault {
    /// The status of the answer: 400, 404, 408, 414, 431, 501 or 505.
    public var status: UInt16 {
        switch self {
        case .notFoundHere:
            404
        case .slowHead, .slowContent, .proxyHeaderLate:
            408
        case .requestLineTooLong:
            414
        case .fieldLineTooLong, .headTooLarge, .tooManyFields, .trailersTooLarge:
            431
        case .unknownTransferCoding, .unsupportedScheme, .httpsWithoutConnect:
            501
        case .unsupportedVersion, .http2Preface:
            505
        default:
            400
        }
    }

    /// The error type for Proxy-Status. A page that is not there is this proxy's own answer; all else is the request's.
    public var proxyErrorType: ProxyErrorType {
        self == .notFoundHere ? .proxyInternalResponse : .httpRequestError
    }
}
