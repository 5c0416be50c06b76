package import Apus

/// The ports of `--connect-ports`: `443`, `443,8443`, `all` or `none`.
package enum PortList {
    package static func parse(_ texts: [String]) throws(ValueFault) -> ProxyConfiguration.ConnectPorts {
        if texts == ["all"] { return .all }
        if texts == ["none"] { return .only([]) }
        var ports: [UInt16] = []
        for text in texts {
            guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let port = UInt16(text),
                port != 0
            else {
                throw ValueFault("\"\(text)\" is no port; it takes numbers from 1 to 65535, or all, or none")
            }
            if !ports.contains(port) { ports.append(port) }
        }
        return .only(ports)
    }

    package static func describe(_ ports: ProxyConfiguration.ConnectPorts) -> String {
        switch ports {
        case .all: "all"
        case .only(let ports): ports.isEmpty ? "none" : ports.map { "\($0)" }.joined(separator: ",")
        }
    }
}
