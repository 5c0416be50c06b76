import ApusWire

/// Messages of SOCKS as a test wants them, right or wrong.
enum SOCKSBytes {
    static func v5(_ command: UInt8, name: String, port: UInt16) -> [UInt8] {
        [5, command, 0, 3, UInt8(name.utf8.count)] + Array(name.utf8) + number(port)
    }

    static func v5(_ command: UInt8, address: IPAddress, port: UInt16) -> [UInt8] {
        [5, command, 0, address.family == .v4 ? 1 : 4] + octets(address) + number(port)
    }

    static func v4(_ command: UInt8, _ quad: [UInt8], port: UInt16, user: String = "", name: String? = nil) -> [UInt8] {
        [4, command] + number(port) + quad + Array(user.utf8) + [0] + (name.map { Array($0.utf8) + [0] } ?? [])
    }

    static func credentials(_ user: String, _ password: String) -> [UInt8] {
        [1, UInt8(user.utf8.count)] + Array(user.utf8) + [UInt8(password.utf8.count)] + Array(password.utf8)
    }

    static func number(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

    static func octets(_ address: IPAddress) -> [UInt8] {
        let bits = UInt128(address.high) << 64 | UInt128(address.low)
        let count = address.family == .v4 ? 4 : 16
        return (0..<count).reversed().map { UInt8(truncatingIfNeeded: bits >> UInt128(8 * $0)) }
    }
}

/// What was read, as a value that can be compared: nothing yet, a value, or a fault.
enum Seen<Value: Equatable, Fault: Error & Equatable>: Equatable {
    case incomplete
    case whole(Value)
    case fault(Fault)

    init(_ read: () throws(Fault) -> Value?) {
        do throws(Fault) {
            self = try read().map { .whole($0) } ?? .incomplete
        } catch {
            self = .fault(error)
        }
    }
}

/// A naive reader of requests of SOCKS: takes from the front, and gives up when there is nothing to take.
struct ReferenceSOCKSRequest: Equatable {
    var version: SOCKSRequest.Version
    var command: UInt8
    var host: [UInt8]
    var isName: Bool
    var port: UInt16
    var user: [UInt8] = []
    var length: Int

    /// Nil while it is not whole, or where it is none.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func take(_ count: Int) -> [UInt8]? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        func text() -> [UInt8]? {
            guard let end = rest.firstIndex(of: 0), rest.distance(from: rest.startIndex, to: end) <= 255 else {
                return nil
            }
            defer { rest = rest[(end + 1)...] }
            return Array(rest[..<end])
        }
        guard let head = take(2) else { return nil }
        command = head[1]
        if head[0] == 5 {
            guard take(1) == [0], let kind = take(1)?[0] else { return nil }
            let size = kind == 1 ? 4 : kind == 4 ? 16 : kind == 3 ? take(1).map { Int($0[0]) } : nil
            guard let size, let host = take(size), let port = take(2) else { return nil }
            (version, self.host, isName) = (.v5, host, kind == 3)
            self.port = UInt16(port[0]) << 8 | UInt16(port[1])
        } else {
            guard head[0] == 4, let port = take(2), let quad = take(4), let user = text() else { return nil }
            self.port = UInt16(port[0]) << 8 | UInt16(port[1])
            (version, host, isName, self.user) = (.v4, quad, false, user)
            if quad.prefix(3) == [0, 0, 0], quad[3] != 0 {
                guard let name = text() else { return nil }
                (version, host, isName) = (.v4a, name, true)
            }
        }
        length = bytes.count - rest.count
    }

    /// What the parser says of the same bytes.
    init?(_ request: SOCKSRequest, _ bytes: [UInt8]) {
        version = request.version
        command = bytes[1]
        isName = request.address == nil
        host = request.address.map(SOCKSBytes.octets) ?? Array(bytes[request.name.range])
        port = request.port
        user = Array(bytes[request.userID.range])
        length = request.length
        guard request.command.rawValue == command || request.command == .other else { return nil }
    }
}
