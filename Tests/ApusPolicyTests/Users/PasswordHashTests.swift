import Testing

@testable import ApusPolicy

@Suite("hashed passwords") struct PasswordHashTests {
    static let bcrypt = "$2y$10$ADE1IAVOAg4PpmGxld46T.Hk8WziUX4mhem/39IKAyYS5nb4PcqlS"
    static let yescrypt = "$y$j9T$f5hjf9O6pOn0/d/SaZZd/0$t6QRoDylN9QEyCIMzRyMnEa/eqxMQ7oOfcCu05cUO7C"
    static let sha256 = "$5$I9IASZyEijmtm5dF$5qhCvzA8/FHLOu/zQJpnS62.WJhxo7JIr/iWZEHMaF8"
    static let sha512 =
        "$6$dz9pVJjcwQqKpNtp$MtSiloes1ngHTzqEjmDM39E/n9pH1Cqp8QdgQMswscMqbOIyxADaTVSRoiPdlQnv/O/L1sasoI3zfSULtoNq8/"

    private func fault(_ text: String) -> PasswordHashFault? {
        do throws(PasswordHashFault) {
            _ = try PasswordHash(text)
            return nil
        } catch {
            return error
        }
    }

    @Test("bcrypt, sha-crypt and yescrypt are taken") func taken() throws {
        #expect(try PasswordHash(Self.bcrypt).kind == .bcrypt)
        for prefix in ["$2a$", "$2b$"] { #expect(try PasswordHash(prefix + Self.bcrypt.dropFirst(4)).kind == .bcrypt) }
        #expect(try PasswordHash(Self.sha256).kind == .sha256Crypt)
        #expect(try PasswordHash(Self.sha512).kind == .sha512Crypt)
        #expect(try PasswordHash("$5$rounds=1000$" + Self.sha256.dropFirst(3)).kind == .sha256Crypt)
        #expect(try PasswordHash(Self.yescrypt).kind == .yescrypt)
        #expect(try PasswordHash(Self.yescrypt).text == Self.yescrypt)
        #expect(!"\(try PasswordHash(Self.yescrypt))".contains("f5hj"))
    }

    @Test(
        "others are refused, each by its name",
        arguments: [
            ("", PasswordHashFault.missing), ("sesame", .plain), ("{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", .directory),
            ("{SSHA}x", .directory), ("$apr1$4xqpxIRw$2fQtyZMNXDbOpxxvQg9zD1", .apr1),
            ("$1$DrX/jgax$.v3.NakkiEq7PmteYlp2w.", .md5Crypt), ("rqXexS6ZhobKA", .des),
            ("$2x$10$ADE1IAVOAg4PpmGxld46T.Hk8WziUX4mhem/39IKAyYS5nb4PcqlS", .unknownKind),
            ("$7$CU..../$x", .unknownKind),
            ("$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA", .unknownKind), ("$", .malformed), ("$2y", .malformed),
        ]
    )
    func refused(text: String, fault expected: PasswordHashFault) { #expect(fault(text) == expected) }

    @Test(
        "a hash that is cut short or changed is malformed at every length",
        arguments: [bcrypt, yescrypt, sha256, sha512]
    )
    func cut(text: String) {
        for count in 3..<text.utf8.count { #expect(fault(String(text.prefix(count))) != nil, "\(count)") }
        #expect(fault(text + "x") == .malformed)
        #expect(fault(text + ":") == .malformed)
        #expect(fault(text.replacingLast(with: "!")) == .malformed)
    }

    @Test("costs that nobody would wait for are refused, and none that crypt does not know") func costs() throws {
        let rest = Self.bcrypt.dropFirst(6)
        #expect(fault("$2y$17" + rest) == .tooCostly && fault("$2y$31" + rest) == .tooCostly)
        for cost in ["03", "32", "1a", "+9"] { #expect(fault("$2y$\(cost)" + rest) == .malformed) }
        let salted = Self.sha512.dropFirst(3)
        #expect(fault("$6$rounds=5000001$" + salted) == .tooCostly)
        for rounds in ["999", "x", "", "-1", "1000000000", "99999999999999999999"] {
            #expect(fault("$6$rounds=\(rounds)$" + salted) == .malformed)
        }
        let tail = Self.yescrypt.dropFirst(6)
        #expect(fault("$y$jFT" + tail) == .tooCostly)
        #expect(fault("$y$jzT" + tail) == .tooCostly && fault("$y$j9z" + tail) == .tooCostly)
        #expect(try PasswordHash("$y$jBT" + tail).cost > PasswordHash(Self.yescrypt).cost)
        #expect(try PasswordHash("$2y$11" + rest).cost == 2 * PasswordHash(Self.bcrypt).cost)
        #expect(try PasswordHash(Self.bcrypt).cost > PasswordHash(Self.yescrypt).cost)
        #expect(try PasswordHash(Self.yescrypt).cost > PasswordHash(Self.sha512).cost)
    }

    @Test("every fault says what to do", arguments: PasswordHashFault.allCases) func remedy(fault: PasswordHashFault) {
        #expect(fault.description.contains("apus hash-password --user NAME"))
    }
}

extension String {
    fileprivate func replacingLast(with text: String) -> String { dropLast() + text }
}
