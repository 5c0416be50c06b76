import Apus
import ApusPolicy
import ApusTesting
import ApusWire
import CryptoExtras
import JWTKit
import Testing

@testable import ApusJWT

@Suite("JSON Web Tokens", .timeLimit(.minutes(15))) struct JWTAuthenticatorTests {
    private let rules = JWTRules(issuer: "https://id.example", audiences: ["apus"])
    private let claims = TokenClaims([
        "iss": .text("https://id.example"), "aud": .text("apus"), "exp": .number(2000), "sub": .text("anna"),
    ])
    private let anna = Authentication.user("anna", lifetime: .seconds(1030))

    private func authenticate(_ token: String, _ keys: JWTKeys) async -> Authentication {
        let authenticator = JWTAuthenticator(keys: keys, rules: rules) { 1000 }
        return await authenticator.authenticate(.bearer(Secret(token)), from: IPAddress(v4: 1))
    }

    private func entry(_ key: ES256PrivateKey, _ more: String = "") -> String {
        let parameters = key.publicKey.parameters
        return #"{"kty":"EC","crv":"P-256","x":"\#(parameters?.x ?? "")","y":"\#(parameters?.y ?? "")"\#(more)}"#
    }

    private func sign(_ key: some ECDSAKey, header: JWTHeader = JWTHeader()) async throws -> String {
        try await JWTKeyCollection().add(ecdsa: key).sign(claims, header: header)
    }

    @Test("of a key in the set are taken, of another, changed or cut are not") func signatures() async throws {
        let (key, other) = (ES256PrivateKey(), ES256PrivateKey())
        let keys = try await JWTKeys(parsing: #"{"keys":[\#(entry(key))]}"#)
        let token = try await sign(key)
        #expect(await authenticate(token, keys) == anna)
        #expect(await authenticate(try await sign(other), keys) == .invalid)
        let parts = token.split(separator: ".").map(String.init)
        // {"alg":"none"}, and the claims of another user under the same signature.
        let none = "eyJhbGciOiJub25lIn0"
        let eve = try await sign(other).split(separator: ".").map(String.init)
        for forged in [
            "", "a", "a.b", "a.b.c", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])", "\(none).\(parts[1]).",
            "\(none).\(parts[1]).\(parts[2])", "\(parts[0]).\(parts[1]).\(eve[2])", token + ".x",
            String(token.dropLast(4)),
        ] {
            #expect(await authenticate(forged, keys) == .invalid, "\(forged)")
        }
        #expect(
            await JWTAuthenticator(keys: keys, rules: rules) { 1000 }
                .authenticate(.basic(user: "anna", password: Secret(token)), from: IPAddress(v4: 1)) == .invalid
        )
    }

    @Test("find their key by its id, or among those without one") func ids() async throws {
        let (first, second, third) = (ES256PrivateKey(), ES256PrivateKey(), ES256PrivateKey())
        let keys = try await JWTKeys(
            parsing: #"{"keys":[\#(entry(first, #","kid":"1""#)),\#(entry(second, #","kid":"2""#)),\#(entry(third))]}"#
        )
        for (key, id, answer) in [
            (first, "1", anna), (second, "2", anna), (second, "1", .invalid), (first, "9", .invalid),
            (third, "9", anna),
            (second, nil, anna),
        ] as [(ES256PrivateKey, String?, Authentication)] {
            var header = JWTHeader()
            header.kid = id
            #expect(await authenticate(try await sign(key, header: header), keys) == answer, "\(id ?? "-")")
        }
    }

    @Test("that say of a field that it is critical are not understood") func critical() async throws {
        let key = ES256PrivateKey()
        let keys = try await JWTKeys(parsing: #"{"keys":[\#(entry(key))]}"#)
        let header = JWTHeader(fields: ["crit": .array([.string("exp")])])
        #expect(await authenticate(try await sign(key, header: header), keys) == .invalid)
    }

    @Test("of every kind of key are taken, from a set or from PEM") func kinds() async throws {
        let rsa = try Insecure.RSA.PrivateKey(pem: _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation)
        let (p384, p521) = (ES384PrivateKey(), ES512PrivateKey())
        let collections = JWTKeyCollection()
        await collections.add(rsa: rsa, digestAlgorithm: .sha256, kid: "rsa")
            .add(ecdsa: p384, kid: "p384").add(ecdsa: p521, kid: "p521").add(
                pss: rsa,
                digestAlgorithm: .sha512,
                kid: "pss"
            )
        let primitives = try rsa.publicKey.getKeyPrimitives()
        let modulus = base64URL(Array(primitives.modulus)), exponent = base64URL(Array(primitives.publicExponent))
        let p384s = try #require(p384.publicKey.parameters), p521s = try #require(p521.publicKey.parameters)
        let set = try await JWTKeys(
            parsing: """
                {"keys":[{"kty":"RSA","kid":"rsa","n":"\(modulus)","e":"\(exponent)","use":"sig"},
                {"kty":"RSA","kid":"pss","n":"\(modulus)","e":"\(exponent)","alg":"PS512"},
                {"kty":"RSA","kid":"enc","n":"\(modulus)","e":"\(exponent)","use":"enc"},
                {"kty":"XYZ","kid":"new"},
                {"kty":"EC","crv":"P-384","kid":"p384","x":"\(p384s.x)","y":"\(p384s.y)"},
                {"kty":"EC","crv":"P-521","kid":"p521","x":"\(p521s.x)","y":"\(p521s.y)"}]}
                """
        )
        #expect(set.count == 4)
        for id in ["rsa", "pss", "p384", "p521"] {
            let token = try await collections.sign(claims, kid: JWKIdentifier(string: id))
            #expect(await authenticate(token, set) == anna, "\(id)")
        }
        let pem = try await JWTKeys(
            parsing: [rsa.publicKey.pemRepresentation, p384.publicKey.pemRepresentation].joined(separator: "\n\n")
        )
        #expect(pem.count == 2)
        for (id, answer) in [("rsa", anna), ("p384", anna), ("p521", .invalid), ("pss", .invalid)] {
            #expect(
                await authenticate(try await collections.sign(claims, kid: JWKIdentifier(string: id)), pem) == answer
            )
        }
    }

    @Test("Ed25519 as in RFC 8037's appendix") func ed25519() async throws {
        let keys = try await JWTKeys(
            parsing: #"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#
        )
        let key = try EdDSA.PrivateKey(d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", curve: .ed25519)
        #expect(await authenticate(try await JWTKeyCollection().add(eddsa: key).sign(claims), keys) == anna)
    }

    @Test("keys that cannot be used are told, secret ones too") func faults() async throws {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        for (text, word) in [
            ("", "neither"), ("{}", "no key set"), (#"{"keys":[]}"#, "no RSA"),
            (#"{"keys":[{"kty":"XYZ"}]}"#, "no RSA"),
            (#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#, "secret"),
            (#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1","x":"\#(x)","d":"\#(x)"}]}"#, "key 1 (k1) is secret"),
            (#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]}"#, "no valid OKP"),
            (#"{"keys":[{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}]}"#, "no valid EC"),
            (#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#, "no valid RSA"),
            ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "only public"),
            ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "public key 1"),
            ("-----BEGIN PUBLIC KEY-----\nAAAA\n", "whole"),
        ] {
            let fault = await #expect(throws: JWTKeysFault.self) { try await JWTKeys(parsing: text) }
            #expect(fault?.description.contains(word) == true, "\(fault?.description ?? "")")
            #expect(fault?.description.contains("c2VjcmV0") != true)
        }
    }

    @Test("serve a client through a proxy") func served() async throws {
        let key = ES256PrivateKey()
        let keys = try await JWTKeys(parsing: #"{"keys":[\#(entry(key))]}"#)
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let authenticator = JWTAuthenticator(keys: keys, rules: rules) { 1000 }
        let proxy = try await TestProxy.start(authenticator: authenticator) { _ in }
        let (token, other) = (try await sign(key), try await sign(ES256PrivateKey()))
        let statuses = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            defer { client.close() }
            return try [token, token, other].map { token in
                try client.send(
                    "GET \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\nProxy-Authorization: Bearer \(token)\r\n\r\n"
                )
                return try client.readResponse().status
            }
        }
        #expect(statuses == [200, 200, 407])
        #expect(await proxy.records(count: 3).map(\.user) == ["anna", "anna", nil])
        await proxy.stop()
    }
}

private func base64URL(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return stride(from: 0, to: bytes.count, by: 3).map { start in
        let part = bytes[start..<min(start + 3, bytes.count)]
        let group = part.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - part.count))
        return String((0...part.count).map { digits[Int(group >> UInt32(18 - 6 * $0) & 63)] })
    }.joined()
}
