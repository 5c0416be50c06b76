/// Every reason for which Apus refuses what a client asks for.
///
/// It knows the answer's status, its `Proxy-Status` token (RFC 9209 §2.3), its metric label and its sentence; no text
/// is built until an answer or a log line needs it.
public enum Refusal: UInt8, Sendable, Hashable, CaseIterable, BitwiseCopyable {
    /// The client is on no list of those who may use this listener.
    case clientNotAllowed
    /// Who connects to a listener where clients are announced is none of those who may announce them.
    case announcerNotAllowed
    /// The listener is not for the protocol that the client speaks.
    case protocolNotServed
    /// CONNECT to a port that is not listed.
    case connectPort
    /// An embedder's policy said no; reason and status are its own, this is the fallback.
    case denied
    /// The destination is one of Apus's own listeners; nothing lifts this.
    case ownListener
    /// An embedder's policy did not decide in time.
    case policyTimeout
    /// An embedder's policy could not decide.
    case policyUnavailable
    /// Credentials are needed, and none were shown.
    case credentialsMissing
    /// The credentials that were shown are not valid.
    case credentialsInvalid
    /// Too many credentials of this client were not valid.
    case credentialsThrottled
    /// Nobody could tell whether the credentials are valid.
    case authenticatorUnavailable
    /// Nobody told in time whether the credentials are valid.
    case authenticationTimeout
    /// Too many connections of this client.
    case clientConnectionLimit
    /// Too many connections in all.
    case connectionLimit
    /// The origin has as many connections from here as it may.
    case originConnectionLimit
    /// A cloud's metadata service, which `--allow-private` does not lift.
    case metadata
    /// A name of one label that would go to a parent: it can only be one of a network's own.
    case singleLabelName
    /// Too many tunnels in all.
    case tunnelLimit
    /// A rule of the policy said no, or none said yes; which one, and what it says, is the policy's to tell.
    case rule
    /// A `limit` rule: requests come too fast.
    case requestRateLimit
    /// A `limit` rule: too many requests and tunnels at the same time.
    case userConnectionLimit
    /// A `limit` rule: too many tunnels at the same time.
    case userTunnelLimit
    /// A `limit` rule: as many bytes have passed as may in this period.
    case volumeLimit
    /// No room for the counts of another user or client of a `limit` rule.
    case usageTableFull
    // What a tunnel shows of the name inside it, before any byte of it is passed on: see `ServerNameCheck`.
    /// The ClientHello names another host than CONNECT did.
    case serverNameMismatch
    /// The ClientHello names a host that the rules deny, or ask for credentials first.
    case serverNameDenied
    /// The ClientHello names no host.
    case serverNameMissing
    /// The ClientHello is encrypted, so that the name which counts is not to be seen.
    case serverNameEncrypted
    /// The tunnel holds no TLS.
    case tunnelNotTLS
    /// CONNECT to port 80, where no rule says that tunnels may hold other protocols than TLS: see ``Decision/hidesRequests``.
    case plainTunnel
    /// The ClientHello is not what TLS allows.
    case clientHelloMalformed
    /// The ClientHello is larger than it may be.
    case clientHelloTooLarge
    /// The ClientHello was not whole in time.
    case clientHelloLate
    // One for each class of address that is not global: see `AddressClass`.
    case loopback
    case privateUse
    case uniqueLocal
    case sharedAddressSpace
    case linkLocal
    case unspecified
    case thisNetwork
    case multicast
    case broadcast
    case documentation
    case benchmarking
    case reserved
    case ietfProtocol
    case dummy
    case discardOnly
    case siteLocal
    case sixToFour
    case sixToFourRelay
    case teredo
    case translationLocal
    case segmentRouting

    /// The class of the address that was refused; nil if no address was.
    public var addressClass: AddressClass? {
        AddressClass.allCases.first { $0.refusal == self }
    }

    /// Whether nobody has decided: an error that may be over the next time, and no denial.
    public var isUndecided: Bool {
        switch self {
        case .policyTimeout, .policyUnavailable, .authenticatorUnavailable, .authenticationTimeout: true
        default: false
        }
    }

    /// The status of the answer: 403 for what a rule refuses, 407 where credentials would help, 429 for a client's limits, 503
    /// for the server's, and where nobody could decide.
    public var status: UInt16 {
        switch self {
        case .credentialsMissing, .credentialsInvalid: 407
        case .clientConnectionLimit, .credentialsThrottled, .requestRateLimit, .userConnectionLimit, .userTunnelLimit,
            .volumeLimit:
            429
        case .connectionLimit, .tunnelLimit, .originConnectionLimit, .usageTableFull, .policyTimeout,
            .policyUnavailable,
            .authenticatorUnavailable, .authenticationTimeout:
            503
        default: 403
        }
    }
}

extension AddressClass {
    /// Why a destination of this class is refused; nil for ``global``.
    public var refusal: Refusal? {
        switch self {
        case .global: nil
        case .loopback: .loopback
        case .privateUse: .privateUse
        case .uniqueLocal: .uniqueLocal
        case .sharedAddressSpace: .sharedAddressSpace
        case .linkLocal: .linkLocal
        case .unspecified: .unspecified
        case .thisNetwork: .thisNetwork
        case .multicast: .multicast
        case .broadcast: .broadcast
        case .documentation: .documentation
        case .benchmarking: .benchmarking
        case .reserved: .reserved
        case .ietfProtocol: .ietfProtocol
        case .dummy: .dummy
        case .discardOnly: .discardOnly
        case .siteLocal: .siteLocal
        case .sixToFour: .sixToFour
        case .sixToFourRelay: .sixToFourRelay
        case .teredo: .teredo
        case .translationLocal: .translationLocal
        case .segmentRouting: .segmentRouting
        }
    }
}
