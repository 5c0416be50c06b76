/// Ports of a rule: `443`, or `8000-8100` with both ends.
package enum PortRange {
    /// Reads one port from 1 to 65,535, or a range of them.
    package static func parse(_ text: String) throws(ValueFault) -> ClosedRange<UInt16> {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = port(parts[0]), let last = parts.count == 1 ? first : port(parts[1]) else {
            if let known = services[text.lowercased()] {
                throw ValueFault("\"\(text)\" is no port; write \(known)", saysWhatToWrite: true)
            }
            if NetworkText.everything.contains(text) {
                throw ValueFault("\"\(text)\" is no port; every port is 1-65535", saysWhatToWrite: true)
            }
            throw ValueFault("\"\(text)\" is no port; it takes 1 to 65535, or a range such as 8000-8100")
        }
        guard first <= last else {
            throw ValueFault("\"\(text)\" is an empty range; write \(last)-\(first)")
        }
        return first...last
    }

    /// As ``parse(_:)`` reads it.
    package static func describe(_ range: ClosedRange<UInt16>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    /// What people write in place of a number (the registry of IANA has thousands).
    private static let services = [
        "http": 80, "https": 443, "ssl": 443, "tls": 443, "ftp": 21, "ftps": 990, "ssh": 22, "sftp": 22, "telnet": 23,
        "smtp": 25, "smtps": 465,
        "submission": 587, "dns": 53, "pop3": 110, "pop3s": 995, "imap": 143, "imaps": 993, "ldap": 389, "ldaps": 636,
        "git": 9418,
        "rdp": 3389, "vnc": 5900, "mysql": 3306, "postgres": 5432, "postgresql": 5432, "redis": 6379, "mqtt": 1883,
        "rsync": 873,
    ]

    private static func port(_ text: Substring) -> UInt16? {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), text.first != "0" else {
            return nil
        }
        return UInt16(text)
    }
}
