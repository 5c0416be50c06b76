import ApusPolicy
import Testing

@testable import ApusAuth

@Suite("crypt") struct CryptTests {
    /// What others have published: Openwall's vectors of bcrypt, and sha-crypt as OpenSSL has it; the rest is libxcrypt's
    /// own.
    static let known: [(hash: String, password: String)] = [
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"),
        ("$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!"),
        (
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
            "Hello world!"
        ),
        ("$y$j9T$f5hjf9O6pOn0/d/SaZZd/0$t6QRoDylN9QEyCIMzRyMnEa/eqxMQ7oOfcCu05cUO7C", "p\u{e4}ss:word"),
        ("$2y$10$ADE1IAVOAg4PpmGxld46T.Hk8WziUX4mhem/39IKAyYS5nb4PcqlS", "p\u{e4}ss:word"),
    ]

    @Test("verifies known hashes of each kind, and no other password", arguments: known)
    func knownHashes(hash: String, password: String) throws {
        #expect(try PasswordHash(hash).text == hash)
        #expect(Crypt.verify(Secret(password), hash) == .right)
        for other in ["", password + "x", String(password.dropLast()), password.lowercased() + " "] {
            #expect(Crypt.verify(Secret(other), hash) == .wrong)
        }
        #expect(Crypt.verify(Secret(Array(password.utf8) + [0]), hash) == .wrong)
        #expect(Crypt.verify(Secret(Array(password.utf8) + [0, 0x41]), hash) == .wrong)
    }

    @Test("what is too long for crypt is wrong, and what is no setting fails") func limits() {
        let hash = CryptTests.known[0].hash
        #expect(Crypt.verify(Secret([UInt8](repeating: 0x61, count: 512)), hash) == .wrong)
        #expect(Crypt.verify(Secret([UInt8](repeating: 0x61, count: 100_000)), hash) == .wrong)
        for text in ["", "*0", "!", "$y$", "$zz$x$y"] {
            let outcome = Crypt.verify(Secret("a"), text)
            #expect(outcome != .right && outcome != .wrong, "\(text): \(outcome)")
        }
    }

    @Test("hashes with new salt each time, as a file of users takes it") func hashing() throws {
        for (prefix, cost, kind) in [("$y$", 0, PasswordHash.Kind.yescrypt), ("$2y$", 4, .bcrypt)]
            as [(String, UInt, _)]
        {
            let first = try #require(Crypt.hash(Secret("sesame"), prefix: prefix, cost: cost))
            let second = try #require(Crypt.hash(Secret("sesame"), prefix: prefix, cost: cost))
            #expect(first != second)
            #expect(try PasswordHash(first).kind == kind)
            #expect(Crypt.verify(Secret("sesame"), first) == .right && Crypt.verify(Secret("Sesame"), first) == .wrong)
        }
        #expect(Crypt.hash(Secret("a"), prefix: "$zz$") == nil)
        #expect(Crypt.hash(Secret([0x61, 0]), prefix: "$y$") == nil)
        #expect(Crypt.hash(Secret([UInt8](repeating: 0x61, count: 512)), prefix: "$y$") == nil)
    }
}
