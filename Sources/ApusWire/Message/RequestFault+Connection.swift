/// What is called and said of a connection that speaks another protocol than HTTP, and not as one is served here.
extension RequestFault {
    var ofConnection: (label: StaticString, sentence: StaticString, hint: StaticString) {
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
        case .proxyHeaderNotTaken:
            (
                "proxy_header_not_taken",
                "The connection begins with a header of the PROXY protocol, and this listener takes none.",
                "`proxy-protocol` in the listener's entry names the networks of balancers that send one; else they leave it out."
            )
        case .malformedSOCKS, .socksMethods, .socksCommand, .socksAddressType: ofSOCKS
        case .tlsRecord:
            (
                "tls_on_plain_port", "TLS is spoken to a port that takes HTTP and SOCKS in plain text.",
                "The proxy's URL begins with http://, not https://; TLS goes to hosts, through a tunnel."
            )
        case .sshIdentification:
            (
                "ssh_identification", "SSH is spoken to the proxy itself.",
                "Reach hosts through the proxy: ssh -o ProxyCommand='nc -X 5 -x PROXY:PORT %h %p' HOST"
            )
        default:
            (
                "http2_preface", "HTTP/2 is not spoken on this port.",
                "Use HTTP/1.1 towards this proxy; HTTP/2 works through a CONNECT tunnel."
            )
        }
    }

    private var ofSOCKS: (label: StaticString, sentence: StaticString, hint: StaticString) {
        switch self {
        case .socksMethods:
            (
                "socks_methods", "The SOCKS client offers no way of authentication that this proxy knows.",
                "Offer no authentication, or user name and password (RFC 1929)."
            )
        case .socksCommand:
            (
                "socks_command", "The SOCKS command is not CONNECT.",
                "BIND and UDP ASSOCIATE are not served; use CONNECT."
            )
        case .socksAddressType:
            (
                "socks_address_type", "The SOCKS request has an address of an unknown type.",
                "Name the host by IPv4, IPv6 or its name."
            )
        default: ("malformed_socks", "The SOCKS message is malformed.", "Speak SOCKS 5 (RFC 1928), 4 or 4a.")
        }
    }
}
