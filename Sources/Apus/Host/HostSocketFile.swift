internal import ApusReactor

/// The file of a UNIX socket that only its owner may open: never open to others before it has its mode.
package struct HostSocketFile: Sendable {
    private let folder: PrivateFolder
    /// ENOTSOCK of Linux.
    private static let notSocket: Int32 = 88

    /// Prepares the place beside the one where the socket is to be.
    ///
    /// - Throws: why it cannot be there.
    package init(_ path: String) throws(HostFault) {
        do throws(SocketError) { folder = try PrivateFolder(beside: path) } catch {
            throw HostFault(error.code == Self.notSocket ? "a file that is no socket is there" : "\(error)")
        }
    }

    /// Where it is to be bound: nobody else gets there.
    package var path: String { folder.socket }

    /// Moves the socket to its place, with its mode.
    ///
    /// - Throws: the system's words.
    package func open() throws(HostFault) {
        do throws(SocketError) { try folder.open(mode: 0o600) } catch { throw HostFault("\(error)") }
    }

    /// Takes away what was prepared.
    package func remove() { folder.remove() }
}
