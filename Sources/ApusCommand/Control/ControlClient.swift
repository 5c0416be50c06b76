import Apus
import ApusReport

/// Why a running Apus cannot be asked: a sentence, and what to do.
struct ControlFault: Error {
    let sentence: String
    var hint = ""
}

/// Asks a running Apus by its control socket.
struct ControlClient {
    /// Where it is.
    let path: String

    /// How long the connection, and a first answer, may take, in milliseconds.
    private static let patience = 10_000
    /// How much an answer may have, in bytes.
    private static let mostBytes = 8 << 20

    /// Finds the one that is meant.
    ///
    /// - Parameter path: the one that `--control` names; nil to look for it.
    static func find(_ path: String?, _ environment: [String: String]) throws(ControlFault) -> ControlClient {
        if let path {
            guard case .path = ControlPlace(parsing: path) else {
                throw ControlFault(
                    sentence: "--control: \"\(path)\" is no absolute path of a socket",
                    hint: "for example --control /run/apus/control.sock"
                )
            }
            switch probe(path) {
            case .alive: return ControlClient(path: path)
            case .denied: throw denied(path)
            case .gone(let words):
                throw ControlFault(
                    sentence: "no Apus listens on \(path): \(words)",
                    hint: "it ends with the socket behind it, or was started with another --control"
                )
            }
        }
        let folders = ControlFolders(environment)
        var alive: [String] = []
        var barred: [String] = []
        for path in folders.sockets() {
            switch probe(path) {
            case .alive: alive.append(path)
            case .denied: barred.append(path)
            case .gone: break
            }
        }
        if alive.count == 1 { return ControlClient(path: alive[0]) }
        if alive.count > 1 {
            throw ControlFault(
                sentence: "there are several: " + alive.map(describe).joined(separator: "; "),
                hint: "name one, as --control \(alive[0])"
            )
        }
        if let path = barred.first { throw denied(path) }
        throw ControlFault(
            sentence: "no Apus with a control socket is there; looked in "
                + folders.all.map(\.path).joined(separator: ", "),
            hint:
                "start one by typing apus in another terminal, or name its socket by --control PATH; one without a socket obeys signals"
        )
    }

    private static func denied(_ path: String) -> ControlFault {
        ControlFault(
            sentence: "\(path) belongs to another user: only that user and root may steer this Apus",
            hint: "as root: sudo apus ... --control \(path)"
        )
    }

    private enum Probe {
        case alive
        case denied
        case gone(String)
    }

    private static func probe(_ path: String) -> Probe {
        do throws(HostFault) {
            _ = try HostConnection(path: path, milliseconds: 1000)
            return .alive
        } catch {
            return "\(error)" == "Permission denied" ? .denied : .gone("\(error)")
        }
    }

    /// A server in few words, where there are several.
    private static func describe(_ path: String) -> String {
        var words = path
        do throws(ControlFault) {
            let answer = try ControlClient(path: path).ask(.status) { _ in }
            let listeners = answer["listeners"]?.elements.compactMap(\.text) ?? []
            words += " (process \(answer["pid"]?.whole ?? 0), \(listeners.joined(separator: ", ")))"
        } catch {}
        return words
    }

    /// Asks, and waits for the last line of the answer.
    ///
    /// - Parameter told: gets the lines before it.
    func ask(_ request: ControlRequest, told: (JSONValue) -> Void) throws(ControlFault) -> JSONValue {
        try answer(to: request, told: told).value
    }

    /// The same, with the line as it came.
    func answer(to request: ControlRequest, told: (JSONValue) -> Void) throws(ControlFault) -> (
        value: JSONValue, line: [UInt8]
    ) {
        let connection = try connect(request)
        var rest: [UInt8] = []
        while true {
            let more: [UInt8]?
            // An end may be hours away; a server that answers at all has said so by then.
            do throws(HostFault) {
                more = try connection.receive(milliseconds: waits(request) ? 3_600_000 : Self.patience)
            } catch {
                throw ControlFault(sentence: "the connection to \(path) broke: \(error)")
            }
            guard let more else {
                if waits(request) { continue }
                throw ControlFault(
                    sentence: "the Apus at \(path) does not answer",
                    hint: "a signal still ends it: kill -TERM"
                )
            }
            guard !more.isEmpty else {
                // A stop gives its process a second, and who has gone has ended, with an answer or without.
                if case .stop = request, case .gone = Self.probe(path) { return Self.ended }
                throw ControlFault(sentence: "the Apus at \(path) has ended without an answer")
            }
            rest += more
            while let end = rest.firstIndex(of: 0x0a) {
                let line = Array(rest[..<end])
                rest.removeFirst(end + 1)
                guard let value = JSONValue.parse(line.span) else {
                    throw ControlFault(sentence: "what answers on \(path) is no Apus")
                }
                if value["ok"] != nil { return (value, line) }
                told(value)
            }
            guard rest.count <= Self.mostBytes else { throw ControlFault(sentence: "\(path) answers with too much") }
        }
    }

    /// The answer of a process that had no time for one.
    private static var ended: (value: JSONValue, line: [UInt8]) {
        let line = Control.ended(closed: nil)
        return (JSONValue.parse(line.span) ?? .null, line)
    }

    private func connect(_ request: ControlRequest) throws(ControlFault) -> HostConnection {
        do throws(HostFault) {
            let connection = try HostConnection(path: path, milliseconds: Self.patience)
            try connection.send(request.line)
            return connection
        } catch { throw ControlFault(sentence: "\(path) cannot be asked: \(error)") }
    }

    /// Whether the answer may take long.
    private func waits(_ request: ControlRequest) -> Bool {
        switch request {
        case .reload, .drain(true), .stop: true
        default: false
        }
    }
}
