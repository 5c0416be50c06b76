import ApusPolicy
import Testing

@testable import ApusAuth

@Suite("apus hash-password") struct HashPasswordTests {
    private func fault(_ arguments: String...) -> HashFault? {
        do throws(HashFault) {
            _ = try HashPassword.Request(arguments)
            return nil
        } catch {
            return error
        }
    }

    @Test("takes a name and a kind") func arguments() throws {
        #expect(try HashPassword.Request([]).kind == .yescrypt)
        #expect(try HashPassword.Request(["--user", "anna"]).user == "anna")
        let request = try HashPassword.Request(["--user=anna", "--bcrypt"])
        #expect(request.user == "anna" && request.kind == .bcrypt)
        #expect(try HashPassword.Request(["--token"]).kind == .token)
    }

    @Test("a password among the arguments is refused, and not repeated") func refused() {
        for arguments in [["sesame"], ["anna", "sesame"], ["--password=sesame"]] {
            let fault = #expect(throws: HashFault.self) { try HashPassword.Request(arguments) }
            #expect(fault?.isUsage == true && fault?.text.contains("sesame") == false)
        }
        #expect(fault("--user")?.isUsage == true && fault("--token", "--bcrypt")?.isUsage == true)
    }

    @Test("what it prints is taken by a file of users") func lines() throws {
        for kind in [HashPassword.Request.Kind.yescrypt, .bcrypt] {
            let hash = try HashPassword.hash(Array("s\u{e9}same".utf8), kind)
            let line = try HashPassword.line(try HashPassword.Request(["--user", "anna"]), hash)
            #expect(try UserFile(parsing: line).passwords["anna"]?.text == hash)
            #expect(Crypt.verify(Secret("s\u{e9}same"), hash) == .right)
            #expect(try HashPassword.line(try HashPassword.Request([]), hash) == hash)
        }
        let tokens = (0..<8).map { _ in HashPassword.randomToken() }
        #expect(Set(tokens).count == 8 && tokens.allSatisfy { $0.utf8.count == 43 })
        #expect(throws: HashFault.self) {
            try HashPassword.line(try HashPassword.Request(["--user", "a:b"]), TokenHash(hashing: Secret("x")).text)
        }
    }

    @Test("refuses what no client can send, and what bcrypt would cut") func passwords() {
        for password in [[], [0x61, 9], [0x61, 0x0d], [0x7f], [0xff]] as [[UInt8]] {
            let fault = #expect(throws: HashFault.self) { try HashPassword.hash(password, .yescrypt) }
            #expect(fault?.isData == true)
        }
        let long = [UInt8](repeating: 0x61, count: 73)
        #expect(throws: HashFault.self) { try HashPassword.hash(long, .bcrypt) }
        #expect(throws: Never.self) { try HashPassword.hash(long, .yescrypt) }
    }
}
