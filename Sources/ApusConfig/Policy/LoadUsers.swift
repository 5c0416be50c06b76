internal import Apus
internal import ApusPolicy

/// No file of users has more.
private let largestFile = 64 << 20

/// The users and tokens that the settings file has or names, with their hashes; what cannot be used of them is a fault.
func loadUsers(_ policy: PolicySettings, _ files: FileAccess, _ findings: inout Findings) -> UserFile {
    var users = UserFile()
    switch policy.users {
    case .file(let path, let place)?: users = readUsers(path, place, files, &findings)
    case .inline(let entries)?:
        for entry in entries {
            do { try users.add(entry.name, entry.hash) } catch { findings.fault(entry.place, "\(error)") }
        }
    case nil: break
    }
    for token in policy.tokens {
        guard let hash = TokenHash(digest: token.digest) else {
            findings.fault(token.place, "a token's hash has 32 bytes")
            continue
        }
        do { try users.add(token.user, hash) } catch { findings.fault(token.place, "\(error)") }
    }
    return users
}

/// A file as `apus hash-password` writes it; its own faults have their places in it.
private func readUsers(_ path: String, _ place: SourcePosition, _ files: FileAccess, _ findings: inout Findings)
    -> UserFile
{
    let bytes: [UInt8]
    do { bytes = try files.read(path, largestFile) } catch {
        findings.fault(place, "users.file: \(path): \(error.message)")
        return UserFile()
    }
    if endsWithoutNewline(path, bytes, files) { findings.warn(place, "users.file: \(path): \(unfinished)") }
    do { return try UserFile(parsing: String(decoding: bytes, as: UTF8.self), file: path) } catch {
        for fault in error.faults { findings.fault(fault.position, "\(fault.reason)") }
        return UserFile()
    }
}

/// The text of the public keys that signed tokens are verified by; whether they are keys is for others to say.
func loadKeys(_ issuer: TokenIssuer, _ files: FileAccess, _ findings: inout Findings) -> String {
    do { return String(decoding: try files.read(issuer.keys, largestFile), as: UTF8.self) } catch {
        findings.fault(issuer.place, "jwt.keys: \(issuer.keys): \(error.message)")
        return ""
    }
}
