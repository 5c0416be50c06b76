internal import ApusPolicy

/// Reads how much may be used.
enum UsageLimitReader {
    /// Reads one of the keys of `limit`.
    static func read(_ entry: SettingsNode.Entry, into limit: inout UsageLimit, _ findings: inout Findings) {
        let node = entry.value
        switch entry.key {
        case "requests":
            limit.requests = findings.value(node, "requests", expected: "a rate, as 50/s", UsageRate.parseRequests)
        case "bandwidth":
            limit.bandwidth = findings.value(node, "bandwidth", expected: "a rate, as 10MB/s") {
                (text) throws(ValueFault) in try UsageRate.parseBytes(text, example: "10MB/s")
            }
        case "volume":
            limit.volume = findings.value(node, "volume", expected: "an amount in a time, as 5GB/day") {
                (text) throws(ValueFault) in try UsageRate.parseBytes(text, example: "5GB/day")
            }
        case "connections":
            limit.connections = findings.value(node, "connections", expected: "a number, as 100", count)
        case "tunnels": limit.tunnels = findings.value(node, "tunnels", expected: "a number, as 100", count)
        default:
            let address = "client, the address"
            let meant = [
                "ip": address, "address": address, "addr": address, "source": address, "src": address, "host": address,
                "all": "rule",
            ]
            limit.key = findings.choice(node, "by", meant: meant) ?? limit.key
        }
    }

    private static func count(_ text: String) throws(ValueFault) -> Int {
        let count = try Count.parse(text)
        if count == 0 { throw ValueFault("0 lets nothing through; a deny rule says so more clearly") }
        return count
    }
}
