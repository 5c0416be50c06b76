internal import FoundationEssentials
internal import JWTKit

/// The public keys of who issues tokens.
public struct JWTKeys: Sendable {
    struct Key: Sendable {
        let id: String?
        /// With this key alone.
        let collection: JWTKeyCollection
    }

    let keys: [Key]

    /// How many keys there are.
    public var count: Int { keys.count }

    /// Reads a key set (RFC 7517 §5), or public keys in PEM, one behind another.
    ///
    /// Of a set, keys for encryption and of unknown kinds are passed over. A key is good for one algorithm: the one that it
    /// names, RS256 for RSA, the curve's for others; never the one that a token asks for (RFC 8725 §3.1).
    ///
    /// - Throws: what is wrong; there is no key that can be used, or one that must not be here, such as a private one.
    public init(parsing text: String) async throws(JWTKeysFault) {
        let isSet = text.first { !$0.isWhitespace } == "{"
        keys = isSet ? try await Self.set(text) : try await Self.pem(text)
    }

    /// Those that may have signed a token: those of its key id and those without one, or all when it names none.
    func candidates(_ id: String?) -> [JWTKeyCollection] {
        keys.filter { id == nil || $0.id == nil || $0.id == id }.map(\.collection)
    }

    // MARK: - A key set

    private struct KeySet: Decodable { let keys: [Entry] }

    private struct Entry: Decodable {
        let kty: String
        let kid, use, alg, crv, n, e, x, y, d, k: String?
    }

    private static func set(_ text: String) async throws(JWTKeysFault) -> [Key] {
        let set: KeySet
        do { set = try JSONDecoder().decode(KeySet.self, from: Data(text.utf8)) } catch {
            throw JWTKeysFault("it is no key set: a JSON object with a list \"keys\", each with its \"kty\"")
        }
        var keys: [Key] = []
        for (index, entry) in set.keys.enumerated() {
            let place = "key \(index + 1)" + (entry.kid.map { " (\($0))" } ?? "")
            guard entry.d == nil, entry.k == nil else {
                throw JWTKeysFault("\(place) is secret: only the public part of a key belongs here")
            }
            guard entry.use ?? "sig" == "sig" else { continue }
            do {
                if let collection = try await collection(entry) {
                    keys.append(Key(id: entry.kid, collection: collection))
                }
            } catch {
                throw JWTKeysFault("\(place) is no valid \(entry.kty) key")
            }
        }
        guard !keys.isEmpty else { throw JWTKeysFault("it has no RSA, EC or Ed25519 key for signatures") }
        return keys
    }

    /// Nil for a key of a kind that is not known.
    private static func collection(_ entry: Entry) async throws -> JWTKeyCollection? {
        let keys = JWTKeyCollection()
        switch (entry.kty, entry.crv, entry.alg) {
        case ("RSA", _, let algorithm):
            let key = try Insecure.RSA.PublicKey(modulus: entry.n ?? "", exponent: entry.e ?? "")
            switch algorithm {
            case nil, "RS256": return await keys.add(rsa: key, digestAlgorithm: .sha256)
            case "RS384": return await keys.add(rsa: key, digestAlgorithm: .sha384)
            case "RS512": return await keys.add(rsa: key, digestAlgorithm: .sha512)
            case "PS256": return await keys.add(pss: key, digestAlgorithm: .sha256)
            case "PS384": return await keys.add(pss: key, digestAlgorithm: .sha384)
            case "PS512": return await keys.add(pss: key, digestAlgorithm: .sha512)
            default: return nil
            }
        case ("EC", "P-256", nil), ("EC", "P-256", "ES256"):
            return await keys.add(ecdsa: try ES256PublicKey(parameters: (entry.x ?? "", entry.y ?? "")))
        case ("EC", "P-384", nil), ("EC", "P-384", "ES384"):
            return await keys.add(ecdsa: try ES384PublicKey(parameters: (entry.x ?? "", entry.y ?? "")))
        case ("EC", "P-521", nil), ("EC", "P-521", "ES512"):
            return await keys.add(ecdsa: try ES512PublicKey(parameters: (entry.x ?? "", entry.y ?? "")))
        case ("OKP", "Ed25519", nil), ("OKP", "Ed25519", "EdDSA"):
            return await keys.add(eddsa: try EdDSA.PublicKey(x: entry.x ?? "", curve: .ed25519))
        default: return nil
        }
    }

    // MARK: - PEM

    private static func pem(_ text: String) async throws(JWTKeysFault) -> [Key] {
        var keys: [Key] = []
        var block: [Substring]?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN ") {
                guard line.hasPrefix("-----BEGIN PUBLIC KEY-----") else {
                    throw JWTKeysFault("only public keys belong here: -----BEGIN PUBLIC KEY-----")
                }
                block = []
            }
            block?.append(line)
            guard line.hasPrefix("-----END "), let lines = block else { continue }
            block = nil
            guard let collection = await collection(pem: lines.joined(separator: "\n")) else {
                throw JWTKeysFault("public key \(keys.count + 1) is no valid RSA key of 2048 bits, EC or Ed25519 key")
            }
            keys.append(Key(id: nil, collection: collection))
        }
        guard !keys.isEmpty, block == nil else {
            throw JWTKeysFault("it holds neither a key set (JSON) nor a whole public key in PEM")
        }
        return keys
    }

    private static func collection(pem: String) async -> JWTKeyCollection? {
        let keys = JWTKeyCollection()
        if let key = try? ES256PublicKey(pem: pem) { return await keys.add(ecdsa: key) }
        if let key = try? ES384PublicKey(pem: pem) { return await keys.add(ecdsa: key) }
        if let key = try? ES512PublicKey(pem: pem) { return await keys.add(ecdsa: key) }
        if let key = try? EdDSA.PublicKey(pem: pem) { return await keys.add(eddsa: key) }
        if let key = try? Insecure.RSA.PublicKey(pem: pem) { return await keys.add(rsa: key, digestAlgorithm: .sha256) }
        return nil
    }
}

/// Why keys cannot be used, in one sentence.
public struct JWTKeysFault: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
