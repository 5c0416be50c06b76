/// The ports that CONNECT may reach (`--connect-ports`); 443 alone by default, as RFC 9110 §9.3.6 advises.
public struct ConnectPorts: Sendable, Hashable {
    /// In ascending order without repetition; nil for every port.
    private let ports: [UInt16]?

    /// Every port but 0.
    public static let all = ConnectPorts(ports: nil)
    /// Port 443 alone.
    public static let standard = ConnectPorts([443])

    /// The ports listed; 0 is left out.
    public init(_ ports: some Sequence<UInt16>) {
        self.init(ports: Set(ports).subtracting([0]).sorted())
    }

    private init(ports: [UInt16]?) {
        self.ports = ports
    }

    /// Reads `all`, or ports joined by commas such as `443,8443`; spaces around a port are skipped.
    /// - Throws: ``ConnectPortsParseError``, which says what is expected.
    public static func parse(_ text: some StringProtocol) throws(ConnectPortsParseError) -> ConnectPorts {
        let fields = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        var ports: [UInt16] = []
        for field in fields {
            let trimmed = trim(Array(field))
            if trimmed.elementsEqual("all".utf8), fields.count == 1 { return .all }
            guard let port = port(trimmed) else {
                throw ConnectPortsParseError(text: String(text), part: String(decoding: trimmed, as: UTF8.self))
            }
            ports.append(port)
        }
        return ConnectPorts(ports)
    }

    /// Whether CONNECT may reach the port.
    public func contains(_ port: UInt16) -> Bool {
        guard let ports else { return port != 0 }
        // A range may have made them many.
        var (first, end) = (0, ports.count)
        while first < end {
            let middle = (first + end) / 2
            if ports[middle] == port { return true }
            if ports[middle] < port { first = middle + 1 } else { end = middle }
        }
        return false
    }

    private static func trim(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var slice = bytes[...]
        while slice.first == UInt8(ascii: " ") { slice.removeFirst() }
        while slice.last == UInt8(ascii: " ") { slice.removeLast() }
        return slice
    }

    /// A port of 1...65535: one to five digits without a leading zero.
    private static func port(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count), digits.first != UInt8(ascii: "0") else { return nil }
        var value: UInt32 = 0
        for byte in digits {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + UInt32(digit)
        }
        return UInt16(exactly: value)
    }
}

extension ConnectPorts: CustomStringConvertible {
    /// `all`, or the ports joined by commas, as ``parse(_:)`` reads them.
    public var description: String {
        ports?.map(String.init).joined(separator: ",") ?? "all"
    }
}

/// Why a text is no list of ports.
public struct ConnectPortsParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text as it was given.
    public let text: String
    /// The part that is no port.
    public let part: String

    /// One sentence: what is wrong and what is expected.
    public var description: String {
        "“\(part)” in “\(text)” is no port: expected “all”, or numbers from 1 to 65535 joined by commas, as in 443,8443"
    }
}
