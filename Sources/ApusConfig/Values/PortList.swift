package import Apus

/// The ports of `--connect-ports`: `443`, `443,8000-8100`, `all` or `none`.
package enum PortList {
    package static func parse(_ texts: [String]) throws(ValueFault) -> ProxyConfiguration.ConnectPorts {
        if texts == ["all"] { return .all }
        if texts == ["none"] { return .only([]) }
        var ports: [UInt16] = []
        var seen: Set<UInt16> = []
        for text in texts {
            do {
                for port in try PortRange.parse(text) where seen.insert(port).inserted { ports.append(port) }
            } catch {
                if error.saysWhatToWrite, text != "all" { throw error }
                throw ValueFault(
                    "\"\(text)\" is no port; it takes numbers from 1 to 65535, ranges such as 8000-8100, or all, or none"
                )
            }
        }
        return ports.count == Int(UInt16.max) ? .all : .only(ports)
    }

    /// As ``parse(_:)`` reads it: ports that follow on each other as a range.
    package static func describe(_ ports: ProxyConfiguration.ConnectPorts) -> String {
        guard case .only(let ports) = ports else { return "all" }
        var ranges: [ClosedRange<UInt16>] = []
        for port in ports {
            if let last = ranges.last, last.upperBound < .max, port == last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...port
            } else {
                ranges.append(port...port)
            }
        }
        return ranges.isEmpty ? "none" : ranges.flatMap(texts).joined(separator: ",")
    }

    /// Two neighbours are no range worth one.
    private static func texts(_ range: ClosedRange<UInt16>) -> [String] {
        range.count == 2 ? ["\(range.lowerBound)", "\(range.upperBound)"] : [PortRange.describe(range)]
    }
}
