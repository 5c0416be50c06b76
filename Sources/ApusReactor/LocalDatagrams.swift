internal import CApusReactor
internal import Glibc

/// Sends datagrams to a local socket, and never waits; it connects once, and anew where the other one has been replaced, so that neither a
/// want of descriptors nor a change of the user keeps it from being heard.
package struct LocalDatagrams: ~Copyable, Sendable {
    /// What became of one.
    package enum Outcome: Sendable {
        case sent
        /// The other side has not taken what it was sent already.
        case full
        /// Nobody is there.
        case gone
    }

    private let name: [CChar]
    private var descriptor: Int32

    /// - Parameter path: in the file system or, with a leading `@`, an abstract name.
    package init(to path: String) {
        name = Array(path.utf8).map { CChar(bitPattern: $0) }
        descriptor = apus_connect_local(name, name.count)
    }

    deinit { if descriptor >= 0 { apus_close(descriptor) } }

    package mutating func send(_ text: String) -> Outcome {
        for _ in 0..<2 {
            if descriptor < 0 { descriptor = apus_connect_local(name, name.count) }
            guard descriptor >= 0 else { return .gone }
            let bytes = Array(text.utf8)
            switch apus_send(descriptor, bytes, bytes.count) {
            case 0...: return .sent
            case -Int(EAGAIN), -Int(ENOBUFS): return .full
            default:
                apus_close(descriptor)
                descriptor = -1
            }
        }
        return .gone
    }
}
