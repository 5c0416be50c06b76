package import Apus

/// Where a log goes: `file`, `syslog`, `syslog:/dev/log`, `syslog:udp://127.0.0.1:514`, `journald`, `journald:/path`.
package enum LogSinkText {
    package typealias Sink = ProxyConfiguration.LogSettings.Sink

    package static func parse(_ text: String) throws(ValueFault) -> Sink {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts.count == 2 ? String(parts[1]) : nil
        switch parts.first {
        case "file" where place == nil: return .file
        case "syslog":
            guard let place else { return .syslog }
            guard place.hasPrefix("udp:") else { return .syslog(socket: place) }
            guard place.hasPrefix("udp://") else { throw ValueFault("write UDP as syslog:udp://127.0.0.1:514") }
            do {
                return .syslogUDP(try ListenAddress(parsing: String(place.dropFirst("udp://".count))))
            } catch {
                throw ValueFault("\"\(text)\": \(error)")
            }
        case "journald":
            guard let place else { return .journald }
            return .journald(socket: place)
        default:
            if text.contains("/") {
                let path = text.hasPrefix("file:") ? String(text.dropFirst(5)) : text
                throw ValueFault(
                    "\"\(text)\" is a path; write it as log.file (--log-file \(path))",
                    saysWhatToWrite: true
                )
            }
            throw ValueFault(
                "\"\(text)\" is unknown; it takes file, syslog, syslog:/dev/log, syslog:udp://127.0.0.1:514, journald"
            )
        }
    }

    package static func describe(_ sink: Sink) -> String {
        if sink == .syslog { return "syslog" }
        if sink == .journald { return "journald" }
        return switch sink {
        case .file: "file"
        case .syslog(let path): "syslog:\(path)"
        case .syslogUDP(let address): "syslog:udp://\(address)"
        case .journald(let path): "journald:\(path)"
        }
    }
}
