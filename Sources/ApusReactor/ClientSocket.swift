internal import CApusReactor

/// A connection of a command-line program, which waits for what it wants; never for a thread that serves.
package struct ClientSocket: ~Copyable {
    private let descriptor: Descriptor

    /// No connection: nothing ever comes from it.
    package init() {
        descriptor = Descriptor(adopting: -1)
    }

    /// Connects, at most so many milliseconds.
    package static func connect(_ address: SocketAddress, timeout: Int32) throws(SocketError) -> ClientSocket {
        var raw = address.raw
        return try adopt(apus_connect_wait(&raw, timeout))
    }

    /// Connects to a socket in the file system.
    package static func connect(path: String, timeout: Int32) throws(SocketError) -> ClientSocket {
        let name = Array(path.utf8).map { CChar(bitPattern: $0) }
        return try adopt(apus_connect_path(name, name.count, timeout))
    }

    private static func adopt(_ number: Int32) throws(SocketError) -> ClientSocket {
        guard number >= 0 else { throw SocketError(code: -number) }
        return ClientSocket(descriptor: Descriptor(adopting: number))
    }

    private init(descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// -1 for no connection; for ``Terminal/wait(_:milliseconds:)``.
    package var number: Int32 { descriptor.number }

    /// Who listens at the other end of a local socket: whoever called listen(2).
    package var peer: PeerProcess? { PeerProcess(of: descriptor.number) }

    /// Sends all; few bytes, which the kernel takes at once on a new connection.
    package func send(_ bytes: [UInt8]) throws(SocketError) {
        let sent = apus_send(descriptor.number, bytes, bytes.count)
        guard sent >= 0 else { throw SocketError(code: Int32(clamping: -sent)) }
        guard sent == bytes.count else { throw .timedOut }
    }

    /// What has come, at most 64 KiB, waiting for it at most so many milliseconds; empty at the end, nil when nothing came in time.
    package func receive(timeout: Int32) throws(SocketError) -> [UInt8]? {
        var ready: UInt8 = 0
        var number = descriptor.number
        let got = apus_wait_readable(&number, 1, &ready, timeout)
        guard got >= 0 else { throw SocketError(code: -got) }
        guard ready != 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = apus_receive(descriptor.number, &bytes, bytes.count)
        if count == -Int(SocketError.wouldBlock) { return nil }
        guard count >= 0 else { throw SocketError(code: Int32(clamping: -count)) }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
