package import ApusPolicy

/// Where users and the hashes of their passwords come from.
package enum UserSource: Sendable, Equatable {
    /// An htpasswd file: its path, from the settings file's folder if it was relative, and where that stands.
    case file(String, place: SourcePosition)
    /// In the settings file itself.
    case inline([Entry])

    /// A user with a hash as `crypt(5)` has it.
    package struct Entry: Sendable, Equatable {
        package var name: String
        package var hash: String
        package var place: SourcePosition
    }
}

/// A bearer token's user, and the token's SHA-256.
package struct TokenEntry: Sendable, Equatable {
    package var user: String
    /// 32 bytes.
    package var digest: [UInt8]
    package var place: SourcePosition
}

/// Whose signed tokens are taken (`jwt`).
package struct TokenIssuer: Sendable, Equatable {
    /// The path of a JWK set (RFC 7517 §5), from the settings file's folder if it was relative.
    package var keys: String
    /// What that file says, once it has been read.
    package var keyText = ""
    /// What `iss` must be; nil for anything.
    package var issuer: String?
    /// What `aud` must name one of; empty for anything.
    package var audiences: [String] = []
    /// The claim that is the user's name.
    package var userClaim = "sub"
    /// The claim that names the user's groups.
    package var groupsClaim = "groups"
    /// Where the path of the keys stands.
    package var place: SourcePosition
}
