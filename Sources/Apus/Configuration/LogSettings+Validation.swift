internal import ApusPolicy

extension ProxyConfiguration.LogSettings {
    func check(_ check: inout ConfigurationCheck) {
        if let file, file.isEmpty { check.report("log.file", "the path is empty") }
        if let file, file.utf8.contains(0) { check.report("log.file", "the path holds a NUL byte") }
        checkSink(&check)
        if rotateSize != 0 { check.count(rotateSize, in: 4096...(1 << 40), "log.rotate-size") }
        check.count(rotateKeep, in: 1...1000, "log.rotate-keep")
        if buffer < Self.leastBuffer {
            check.report(
                "log.buffer",
                "\(buffer) bytes are too few: a busy thread hands over 64 KiB of lines at once; 128KiB is the least"
            )
        } else {
            check.count(buffer, in: Self.leastBuffer...(1 << 30), "log.buffer")
        }
    }

    /// A busy thread hands over some 64 KiB of lines at once, which a smaller buffer would drop whole.
    static let leastBuffer = 128 << 10

    /// What may be so but can hardly be meant.
    func warnings(_ names: SettingNames) -> [String] {
        guard rotateSize > 0, file == nil, format != .off else { return [] }
        let warning: Hint = "\(.logRotateSize) means nothing where \(.logFile) names no file"
        return [warning.text(names)]
    }

    private func checkSink(_ check: inout ConfigurationCheck) {
        switch sink {
        case .file: return
        case .syslog(let path), .journald(let path):
            if !Self.isSocket(path) {
                check.report(
                    "log.to",
                    "\"\(path)\" is no path of a socket; write it in full, as /dev/log, with 107 bytes at most"
                )
            }
        case .syslogUDP(let address):
            if address.port == 0 { check.report("log.to", "\(address): nobody listens on port 0; syslog's is 514") }
        }
        if file != nil { check.report("log.to", "lines go there or to a file, not to both; leave out log.file") }
    }

    /// unix(7): 108 bytes with the NUL behind a path.
    private static func isSocket(_ path: String) -> Bool {
        2...107 ~= path.utf8.count && (path.hasPrefix("/") || path.hasPrefix("@")) && !path.utf8.contains(0)
    }
}
