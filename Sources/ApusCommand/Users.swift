import Apus
import ApusAuth
import ApusConfig
import ApusPolicy

#if JWT
import ApusJWT
#endif

/// Who can show who they are, as the settings file has it: passwords, static tokens, signed tokens.
enum Users {
    /// The authenticator; nil where nobody can show anything.
    ///
    /// - Parameter ipv6Prefix: how many bits of an IPv6 address name one client, as for all else that counts clients.
    /// - Throws: why the keys of signed tokens cannot be used; all else was judged when the settings were read.
    static func authenticator(
        _ policy: PolicySettings,
        ipv6Prefix: Int
    ) async throws(SettingFault) -> (any Authenticator)? {
        guard policy.hasCredentials else { return nil }
        var all: [any Authenticator] = []
        if !policy.userFile.isEmpty || policy.jwt == nil {
            all.append(UserAuthenticator(policy.userFile, settings: VerifierSettings(ipv6Prefix: ipv6Prefix)))
        }
        if let jwt = policy.jwt { all.append(try await authenticator(jwt)) }
        return all.count == 1 ? all[0] : AuthenticatorList(all)
    }

    #if JWT
    private static func authenticator(_ jwt: TokenIssuer) async throws(SettingFault) -> any Authenticator {
        let keys: JWTKeys
        do { keys = try await JWTKeys(parsing: jwt.keyText) } catch {
            throw .file([FileFault(jwt.place, "jwt.keys: \(jwt.keys): \(error)")], others: [])
        }
        return JWTAuthenticator(
            keys: keys,
            rules: JWTRules(
                issuer: jwt.issuer,
                audiences: Set(jwt.audiences),
                userClaim: jwt.userClaim,
                groupsClaim: jwt.groupsClaim
            )
        )
    }
    #else
    private static func authenticator(_ jwt: TokenIssuer) async throws(SettingFault) -> any Authenticator {
        let words = "this Apus was built without the trait JWT: build it without --traits and --disable-default-traits"
        throw .file([FileFault(jwt.place, "jwt: \(words)")], others: [])
    }
    #endif
}
