public import ApusPolicy
public import ApusWire

/// Verifies what clients show in Proxy-Authorization.
///
/// It is asked outside of the data path, with the deadline `Timeouts.authentication`, and once for the same credentials from
/// the same address: what it finds valid is remembered for `AuthenticationSettings.lifetime`. Clients whose credentials are
/// not valid are slowed down before it is asked again.
///
/// ```swift
/// struct OneUser: Authenticator {
///     var challenges: [String] { [Challenge.basic()] }
///     func authenticate(_ credentials: ProxyCredentials, from client: IPAddress) async -> Authentication {
///         credentials == .basic(user: "anna", password: Secret("sesame")) ? .user("anna") : .invalid
///     }
/// }
/// ```
public protocol Authenticator: Sendable {
    /// What a client is asked for: the values of Proxy-Authenticate, each on a line of its own (RFC 9110 §11.7.1); at least one.
    var challenges: [String] { get }

    /// Whose credentials these are.
    ///
    /// - Parameter client: the client's address, never v4-mapped.
    func authenticate(_ credentials: ProxyCredentials, from client: IPAddress) async -> Authentication
}

/// What an ``Authenticator`` answers.
public enum Authentication: Sendable, Hashable {
    /// They are this user's, who is in these groups. The proof is remembered no longer than `lifetime`, when that is given: a
    /// token must not outlive its end.
    case user(_ name: String, groups: [String] = [], lifetime: Duration? = nil)
    /// They are nobody's: 407, and a failure of the client's.
    case invalid
    /// It cannot be told at the moment: 503. The reason is for the log; it must not hold a secret.
    case unavailable(reason: String)
}

/// The challenges that clients understand.
public enum Challenge {
    /// `Basic realm="apus", charset="UTF-8"` (RFC 7617 §2.1).
    ///
    /// - Parameter realm: what browsers show; printable ASCII, any other byte becomes `?`.
    public static func basic(realm: String = "apus") -> String {
        "Basic realm=\(quoted(realm)), charset=\"UTF-8\""
    }

    /// `Bearer realm="apus"` (RFC 6750 §3).
    public static func bearer(realm: String = "apus") -> String { "Bearer realm=\(quoted(realm))" }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        StructuredField.write(string: text, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
