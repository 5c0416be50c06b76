import ApusTesting
import Glibc

/// A name server by UDP that notes what it is asked: A records from a table, every other name does not exist, and some are never
/// answered.
final class NameServer: Sendable {
    private let socket: PlainSocket
    /// Its thread holds it, not the server.
    private let names = Box<[String]>([])

    /// The names that were asked for, in their order, each once for both families.
    var asked: [String] {
        var once: [String] = []
        for name in names.value where once.last != name { once.append(name) }
        return once
    }

    /// Starts it on port 53 of an IPv4 address.
    ///
    /// - Parameters:
    ///   - records: the address of each name.
    ///   - silent: whether a name's question is left without an answer.
    init(
        _ address: String,
        records: [String: String],
        silent: @escaping @Sendable (String) -> Bool = { _ in false }
    ) throws {
        let socket = try PlainSocket(adopting: Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        self.socket = socket
        var own = sockaddr_in()
        own.sin_family = sa_family_t(AF_INET)
        own.sin_port = UInt16(53).bigEndian
        inet_pton(AF_INET, address, &own.sin_addr)
        let code = withUnsafePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw PeerFault.system(call: "bind", errno: errno) }
        try Namespace.startThread { [names] in
            while let question = NameServer.receive(socket.number) {
                names.change { $0.append(question.name) }
                if silent(question.name) { continue }
                question.answer(socket.number, records[question.name])
            }
        }
    }

    /// Ends it: what it waits for comes to nothing.
    func stop() { shutdown(socket.number, Int32(SHUT_RDWR)) }

    private struct Question {
        let bytes: [UInt8]
        /// Where the question's section ends.
        let end: Int
        let name: String
        let type: UInt8
        let from: sockaddr_in

        func answer(_ socket: Int32, _ address: String?) {
            var record: [UInt8] = []
            if type == 1, let address {
                record =
                    [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4] + address.split(separator: ".").compactMap { UInt8($0) }
            }
            var bytes = Array(bytes[..<2])
            bytes += [0x81, address == nil ? 0x83 : 0x80, 0, 1, 0, record.isEmpty ? 0 : 1, 0, 0, 0, 0]
            bytes += self.bytes[12..<end] + record
            var to = from
            _ = withUnsafePointer(to: &to) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(socket, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }

    private static func receive(_ socket: Int32) -> Question? {
        while true {
            var bytes = [UInt8](repeating: 0, count: 1500)
            var from = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &from) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(socket, &bytes, bytes.count, 0, $0, &size)
                }
            }
            if count <= 0 { return nil }
            if let question = parse(Array(bytes[..<count]), from) { return question }
        }
    }

    /// The question of a message (RFC 1035 §4.1.2).
    private static func parse(_ bytes: [UInt8], _ from: sockaddr_in) -> Question? {
        var (at, labels): (Int, [String]) = (12, [])
        while at < bytes.count, bytes[at] > 0, at + Int(bytes[at]) < bytes.count {
            labels.append(String(decoding: bytes[at + 1...at + Int(bytes[at])], as: UTF8.self))
            at += Int(bytes[at]) + 1
        }
        guard at + 5 <= bytes.count else { return nil }
        return Question(
            bytes: bytes,
            end: at + 5,
            name: labels.joined(separator: ".").lowercased(),
            type: bytes[at + 2],
            from: from
        )
    }
}
