import Apus
import ApusConfig
import ApusTop

/// Why the admin listener does not answer: one sentence, and what to do.
struct AdminClientFault: Error {
    let sentence: String
    /// The same in few words, for one line of a screen; the sentence unless there are any.
    var words: String?
    var hint = ""
    /// Whether it is the options that are wrong.
    var isUsage = false
}

/// Asks the admin listener of an Apus that runs.
struct AdminClient {
    let endpoint: AdminEndpoint
    private let token: String?

    /// Reads `--admin`, `--token-file` and the variable.
    init(_ options: [String: String], _ environment: [String: String]) throws(AdminClientFault) {
        let text = options["admin"] ?? AdminEndpoint.standard
        guard let endpoint = AdminEndpoint(text) else {
            throw AdminClientFault(
                sentence: "--admin: \"\(text)\" is neither an address with a port nor a path",
                hint: "for example --admin 127.0.0.1:9128, or --admin /run/apus/admin.sock",
                isUsage: true
            )
        }
        self.endpoint = endpoint
        if let path = options["token-file"] {
            do { token = try Self.token(path) } catch {
                let words =
                    switch error {
                    case .missing: "there is no such file"
                    case .tooLarge: "it is too large for a token"
                    case .failed(let words): words
                    case .changing: "it is being written"
                    }
                throw AdminClientFault(sentence: "--token-file: \(path): \(words)")
            }
        } else {
            token = environment["APUS_ADMIN_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    private static func token(_ path: String) throws(HostFile.Fault) -> String {
        let text = String(decoding: try HostFile.readWhole(path, upTo: 64 << 10), as: UTF8.self)
        return String(text.drop { $0.isWhitespace }.prefix { !$0.isWhitespace })
    }

    /// A connection with this request on its way.
    func connect(_ request: AdminRequest, milliseconds: Int) throws(AdminClientFault) -> HostConnection {
        do throws(HostFault) {
            let connection: HostConnection
            switch endpoint {
            case .address(let address, let port):
                connection = try HostConnection(address, port: port, milliseconds: milliseconds)
            case .path(let path): connection = try HostConnection(path: path, milliseconds: milliseconds)
            }
            try connection.send(request.bytes(for: endpoint, token: token))
            return connection
        } catch {
            throw AdminClientFault(
                sentence: "no Apus shows itself on \(endpoint): \(error)",
                words: "\(error)",
                hint: "start one by typing apus in another terminal, or say where it is by --admin ADDRESS:PORT"
            )
        }
    }

    /// Asks, and waits for all of the answer.
    ///
    /// - Parameter milliseconds: how long nothing may come.
    func fetch(_ request: AdminRequest, upTo limit: Int, milliseconds: Int) throws(AdminClientFault) -> (
        status: Int, body: [UInt8]
    ) {
        let connection = try connect(request, milliseconds: milliseconds)
        var answer = AdminAnswer()
        var body: [UInt8] = []
        while !answer.isComplete {
            let more = try receive(connection, milliseconds)
            body += try read(more, &answer)
            guard body.count <= limit else { throw AdminClientFault(sentence: "\(endpoint) answers with too much") }
        }
        return (answer.status, body)
    }

    /// What comes next; empty at the end.
    func receive(_ connection: borrowing HostConnection, _ milliseconds: Int) throws(AdminClientFault) -> [UInt8] {
        do {
            if let bytes = try connection.receive(milliseconds: milliseconds) { return bytes }
        } catch { throw AdminClientFault(sentence: "the connection to \(endpoint) broke: \(error)") }
        throw AdminClientFault(sentence: "\(endpoint) does not answer")
    }

    /// Feeds an answer with what came.
    func read(_ bytes: [UInt8], _ answer: inout AdminAnswer) throws(AdminClientFault) -> [UInt8] {
        do throws(AdminAnswer.Fault) {
            if !bytes.isEmpty { return try answer.feed(bytes) }
            try answer.end()
            return []
        } catch {
            switch error {
            case .cutShort: throw AdminClientFault(sentence: "\(endpoint) ended the connection")
            case .malformed:
                throw AdminClientFault(
                    sentence: "what answers on \(endpoint) is no admin listener of Apus",
                    hint: "--admin takes the address where Apus shows itself, not the one where it is a proxy"
                )
            }
        }
    }

    /// Why a status is no success.
    func refusal(_ status: Int) -> AdminClientFault {
        switch status {
        case 401, 403:
            token == nil
                ? AdminClientFault(
                    sentence: "\(endpoint) asks for a token",
                    hint: "give it by --token-file FILE, or in APUS_ADMIN_TOKEN"
                ) : AdminClientFault(sentence: "\(endpoint) does not take this token")
        case 404:
            AdminClientFault(
                sentence: "\(endpoint) does not know what was asked for",
                hint: "is it the admin listener, of an Apus of this version?"
            )
        default: AdminClientFault(sentence: "\(endpoint) answers with status \(status)")
        }
    }
}

extension Notices {
    /// Says it, and answers with the exit status.
    func tell(_ fault: AdminClientFault) -> Int32 {
        self.fault(fault.sentence)
        if !fault.hint.isEmpty { hint(fault.hint) }
        return fault.isUsage ? ApusMain.Status.usage : ApusMain.Status.cannotStart
    }
}
