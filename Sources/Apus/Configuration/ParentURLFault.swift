/// Why a text is no URL of a parent; its description is half a sentence that says what to write.
public enum ParentURLFault: Error, Equatable, CustomStringConvertible {
    /// It is empty, or has white space in it.
    case blank
    /// It has a user or a password.
    case credentials
    /// It does not say what is spoken; what it says is this.
    case noScheme(rest: String)
    /// TLS to the parent; its host and port.
    case https(String)
    /// Another version of SOCKS; its host and port.
    case otherSOCKS(String, String)
    /// Something else that is spoken.
    case unknownScheme(String)
    /// Nothing stands where the host should.
    case noHost(ParentSettings.Scheme)
    /// An IPv6 address without brackets.
    case noBrackets(String)
    /// The host is none, and why.
    case notAHost(String, String)
    /// No port; the URL as it is.
    case noPort(String)
    /// The port is no number from 1 to 65,535.
    case notAPort(String)
    /// A path, a query or a fragment behind it; the URL without them.
    case path(url: String)

    public var description: String {
        switch self {
        case .blank: "a parent's URL is missing; write http://proxy.example:8080"
        case .credentials:
            "a URL with a user or a password is seen by whoever sees the file or the list of processes; leave them out of it, and "
                + "write credentials env:NAME or file:PATH beside it, where USER:PASSWORD stands"
        case .noScheme(let rest):
            "what is spoken with the parent is missing; write http://\(rest), or socks5:// or socks5h://"
        case .https(let place):
            "TLS to a parent is not there yet, so that credentials would go in the clear where they were to be hidden; write "
                + "http://\(place) if the parent takes that as well"
        case .otherSOCKS(let scheme, let place):
            "\(scheme) is not spoken; write socks5h://\(place), where the parent looks names up, or socks5://\(place), where Apus does"
        case .unknownScheme(let scheme): "\"\(scheme)\" is spoken with no parent; it takes http, socks5 and socks5h"
        case .noHost(let scheme): "the host is missing; write \(scheme.rawValue)://proxy.example:8080"
        case .noBrackets(let text): "an IPv6 address needs brackets, as in http://[2001:db8::1]:8080; this is \(text)"
        case .notAHost(let host, let why): "\"\(host)\" is no host: \(why)"
        case .noPort(let url):
            "\(url) has no port, and programs disagree on which is meant: curl takes 1080, Squid 3128, the URL standard 80; write it, "
                + "as in \(url):8080"
        case .notAPort(let text): "\"\(text)\" is no port; it takes 1 to 65535"
        case .path(let url): "a parent has a host and a port, and no path; write \(url)"
        }
    }
}
