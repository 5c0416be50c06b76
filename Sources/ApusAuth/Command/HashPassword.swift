internal import Apus
internal import ApusPolicy
internal import ApusReactor

/// `apus hash-password`: a password from standard input becomes a line for a file of users.
public enum HashPassword {
    /// By sysexits.h.
    private enum Status {
        static let good: Int32 = 0
        static let failed: Int32 = 1
        static let usage: Int32 = 64
        static let data: Int32 = 65
    }

    /// What was asked for.
    struct Request: Equatable {
        enum Kind: Equatable { case yescrypt, bcrypt, token }

        var user: String?
        var kind = Kind.yescrypt

        /// - Throws: what is wrong, in one sentence.
        init(_ arguments: [String]) throws(HashFault) {
            var rest = arguments[...]
            while let argument = rest.popFirst() {
                switch argument {
                case "--bcrypt": try choose(.bcrypt)
                case "--token": try choose(.token)
                case "--user":
                    guard let name = rest.popFirst() else {
                        throw HashFault("--user takes a name behind it", isUsage: true)
                    }
                    user = name
                case _ where argument.hasPrefix("--user="): user = String(argument.dropFirst(7))
                default:
                    // Not repeated: it may well be the password.
                    throw HashFault(
                        "it takes --user NAME, --bcrypt and --token; a password is read from standard input",
                        isUsage: true
                    )
                }
            }
        }

        private mutating func choose(_ kind: Kind) throws(HashFault) {
            guard self.kind == .yescrypt || self.kind == kind else {
                throw HashFault("--bcrypt and --token exclude each other", isUsage: true)
            }
            self.kind = kind
        }
    }

    /// Runs the command; its help is the table's in `ApusConfig`.
    ///
    /// - Parameter arguments: those behind `hash-password`.
    /// - Returns: the exit status: 0, 64 for wrong arguments, 65 for a password that cannot be used, 1 when it cannot be hashed.
    public static func run(_ arguments: [String]) -> Int32 {
        do throws(HashFault) {
            let request = try Request(arguments)
            if request.kind == .token {
                let token = randomToken()
                HostProcess.Output.error.write(line: "The token, which is shown only now: \(token)")
                HostProcess.Output.standard.write(line: try line(request, TokenHash(hashing: Secret(token)).text))
                return Status.good
            }
            let password = try readPassword()
            HostProcess.Output.standard.write(line: try line(request, try hash(password, request.kind)))
            return Status.good
        } catch {
            HostProcess.Output.error.write(line: "apus: \(error.text)")
            return error.isUsage ? Status.usage : error.isData ? Status.data : Status.failed
        }
    }

    /// The line of a file, checked as the file will be; the hash alone without a name.
    static func line(_ request: Request, _ hash: String) throws(HashFault) -> String {
        guard let user = request.user else { return hash }
        var file = UserFile()
        do throws(UserFileFault.Reason) { try file.add(user, hash) } catch {
            throw HashFault("\(error)", isUsage: error == .name)
        }
        return "\(user):\(hash)"
    }

    /// Hashes a password that a client can send.
    static func hash(_ password: [UInt8], _ kind: Request.Kind) throws(HashFault) -> String {
        guard !password.isEmpty else { throw HashFault("the password is empty", isData: true) }
        guard String(validating: password, as: UTF8.self) != nil else {
            throw HashFault("the password is no UTF-8, which is what clients send", isData: true)
        }
        guard password.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw HashFault("the password holds a control character, which no client can send", isData: true)
        }
        guard kind != .bcrypt || password.count <= 72 else {
            throw HashFault("bcrypt looks at 72 bytes only, and the password has \(password.count)", isData: true)
        }
        let (prefix, cost): (String, UInt) = kind == .bcrypt ? ("$2y$", 10) : ("$y$", 0)
        guard let hash = Crypt.hash(Secret(password), prefix: prefix, cost: cost) else {
            throw HashFault("the system's libcrypt cannot hash it")
        }
        return hash
    }

    /// 256 random bits in 43 letters, digits, `-` and `_`.
    static func randomToken() -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var generator = SystemRandomNumberGenerator()
        return String((0..<43).map { _ in digits[Int.random(in: 0..<64, using: &generator)] })
    }

    private static func readPassword() throws(HashFault) -> [UInt8] {
        let isTerminal = ProcessCalls.isTerminal(0)
        let first = try readLine(isTerminal ? "Password: " : nil)
        if isTerminal, try readLine("Again: ") != first { throw HashFault("the two are not the same", isData: true) }
        return first
    }

    private static func readLine(_ prompt: String?) throws(HashFault) -> [UInt8] {
        if let prompt { ProcessCalls.write(prompt, to: 2) }
        let line = Crypt.readLine()
        if prompt != nil { ProcessCalls.write("\n", to: 2) }
        guard let line else { throw HashFault("there is no password, or none of 511 bytes at most", isData: true) }
        return line
    }
}

/// Why a password was not hashed.
struct HashFault: Error, Equatable {
    let text: String
    /// The arguments are wrong.
    var isUsage = false
    /// The password cannot be used.
    var isData = false

    init(_ text: String, isUsage: Bool = false, isData: Bool = false) {
        self.text = text
        self.isUsage = isUsage
        self.isData = isData
    }
}
