internal import ApusWire

/// What a service manager shows of the process, in one line of plain words: facts in, a text out.
struct ServiceStatus {
    enum Phase: Equatable {
        case starting
        case serving
        case reloading
        /// Until this time of day at the latest, in seconds since 1970.
        case draining(until: Int64)
        case ending
    }

    var phase = Phase.starting
    var clients = 0
    var tunnels = 0
    /// Since when the settings are in force, in seconds since 1970; nil before they are.
    var since: Int64?
    /// Why the last reload failed, and when; nil when it did not.
    var failure: (reason: String, at: Int64)?
    /// The threads that do not turn their loop.
    var standing: [Int] = []

    /// More would fill the screen of whoever asks.
    private static let longest = 400

    var text: String {
        var parts: [String] = []
        switch phase {
        case .starting: parts.append("Starting")
        case .serving: parts.append("Serving \(load)")
        case .reloading: parts.append("Reloading the settings; serving \(load)")
        case .draining(let end): parts.append("Draining until \(Self.clock(end)) at the latest, \(load) left")
        case .ending: parts.append("Ending")
        }
        if !standing.isEmpty {
            let names = standing.map { "apus-\($0)" }.joined(separator: ", ")
            parts.append("\(standing.count == 1 ? "a thread stands" : "threads stand") still: \(names)")
        }
        if let since { parts.append("settings since \(Self.clock(since))") }
        if let failure {
            parts.append(
                "the reload of \(Self.clock(failure.at)) failed and changed nothing: \(Self.oneLine(failure.reason))"
            )
        }
        return parts.joined(separator: "; ")
    }

    private var load: String {
        let clients = clients == 1 ? "1 client" : "\(clients) clients"
        return "\(clients), \(tunnels == 1 ? "1 tunnel" : "\(tunnels) tunnels")"
    }

    private static func clock(_ seconds: Int64) -> String {
        var bytes: [UInt8] = []
        HTTPDate.writeISO8601(microsecondsSince1970: seconds * 1_000_000, precision: .seconds, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// An assignment ends with its line, and a terminal takes control characters for commands.
    private static func oneLine(_ text: String) -> String {
        let line = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : String($0) }.joined()
        return line.count <= longest ? line : line.prefix(longest) + "…"
    }
}
