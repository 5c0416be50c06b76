import Apus
import ApusAuth
import ApusConfig
import ApusJWT
import ApusPolicy

/// Why those who may show credentials cannot be known: a line for each fault, with its place.
struct UsersFault: Error, CustomStringConvertible {
    let lines: [String]
    var description: String { lines.joined(separator: "\n") }
}

/// Who can show who they are, as the settings file has it: passwords, static tokens, signed tokens.
enum Users {
    /// No file of users has more.
    private static let largest = 64 << 20

    /// The authenticator; nil where nobody can show anything.
    static func authenticator(_ policy: PolicySettings) async throws(UsersFault) -> (any Authenticator)? {
        guard policy.hasCredentials else { return nil }
        var faults: [String] = []
        var all: [any Authenticator] = []
        let file = users(policy, &faults)
        if !file.isEmpty || policy.jwt == nil { all.append(UserAuthenticator(file)) }
        if let jwt = policy.jwt {
            do throws(UsersFault) { all.append(try await authenticator(jwt)) } catch { faults += error.lines }
        }
        guard faults.isEmpty else { throw UsersFault(lines: faults) }
        return all.count == 1 ? all[0] : AuthenticatorList(all)
    }

    private static func users(_ policy: PolicySettings, _ faults: inout [String]) -> UserFile {
        var users = UserFile()
        switch policy.users {
        case .file(let path, let place)?:
            do {
                users = try UserFile(parsing: try text(path, place), file: path)
            } catch let error as UsersFault {
                faults += error.lines
            } catch {
                faults += "\(error)".split(separator: "\n").map(String.init)
            }
        case .inline(let entries)?:
            for entry in entries {
                do { try users.add(entry.name, entry.hash) } catch { faults.append("\(entry.place): \(error)") }
            }
        case nil: break
        }
        for token in policy.tokens {
            guard let hash = TokenHash(digest: token.digest) else {
                faults.append("\(token.place): a token's hash has 32 bytes")
                continue
            }
            do { try users.add(token.user, hash) } catch { faults.append("\(token.place): \(error)") }
        }
        return users
    }

    private static func authenticator(_ jwt: TokenIssuer) async throws(UsersFault) -> any Authenticator {
        let keys: JWTKeys
        do {
            keys = try await JWTKeys(parsing: try text(jwt.keys, jwt.place))
        } catch let error as UsersFault {
            throw error
        } catch {
            throw UsersFault(lines: ["\(jwt.place): jwt.keys: \(jwt.keys): \(error)"])
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

    private static func text(_ path: String, _ place: SourcePosition) throws(UsersFault) -> String {
        do throws(HostFile.Fault) {
            return String(decoding: try HostFile.read(path, upTo: largest), as: UTF8.self)
        } catch {
            let words =
                switch error {
                case .missing: "there is no such file"
                case .tooLarge: "the file is larger than 64 MiB"
                case .failed(let words): "the file cannot be read: \(words)"
                }
            throw UsersFault(lines: ["\(place): \(path): \(words)"])
        }
    }
}
