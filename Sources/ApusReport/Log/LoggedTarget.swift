import ApusFlow
import ApusWire

extension AccessRecord {
    /// Appends what was asked for: a URL, `host:port` for a tunnel, `-` if it was not understood.
    func writeTarget(redactQueries: QueryRedaction, _ style: TextEscape, into bytes: inout [UInt8]) {
        guard !host.isEmpty else {
            if path.isEmpty { bytes.append(0x2d) } else { writePath(redactQueries: redactQueries, style, into: &bytes) }
            return
        }
        if let scheme, kind != .tunnel {
            style.write(scheme, into: &bytes)
            bytes.write(text: "://")
        }
        let isIPv6 = host.utf8.contains(0x3a)
        if isIPv6 { bytes.append(0x5b) }
        style.write(host, into: &bytes)
        if isIPv6 { bytes.append(0x5d) }
        if kind == .tunnel || !isDefaultPort {
            bytes.append(0x3a)
            bytes.write(decimal: port)
        }
        if kind != .tunnel { writePath(redactQueries: redactQueries, style, into: &bytes) }
    }

    /// Appends path and query, without what is not shown of it.
    func writePath(redactQueries: QueryRedaction, _ style: TextEscape, into bytes: inout [UInt8]) {
        let isASCII =
            switch style {
            case .quoted, .percent: true
            case .json, .terminal, .sentence, .html: false
            }
        style.write(SecretQuery.shown(path, redactQueries, mark: isASCII ? "..." : "…"), into: &bytes)
    }

    private var isDefaultPort: Bool {
        switch scheme {
        case "http": port == 80 || port == 0
        case "https": port == 443 || port == 0
        default: port == 0
        }
    }
}
