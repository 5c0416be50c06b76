internal import ApusFlow
internal import ApusPolicy

/// The secret keys of digests: drawn once, at a server's start, and given to whoever takes digests.
struct HashKeys: Sendable {
    /// By which credentials are known again without being kept.
    let credentials: CredentialKeys
    /// By which the owners of idle connections are told apart.
    let owners: SipHash.Key

    /// Draws all of them of the system's random numbers.
    static func drawn() -> HashKeys {
        var generator = SystemRandomNumberGenerator()
        return HashKeys(&generator)
    }

    /// Draws all of them.
    init(_ generator: inout some RandomNumberGenerator) {
        func key() -> SipHash.Key { SipHash.Key(generator.next(), generator.next()) }
        credentials = CredentialKeys(basic: key(), bearer: key())
        owners = key()
    }
}
