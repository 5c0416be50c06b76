internal import Glibc

/// A folder that only its owner may enter, beside the place where a socket is to be: what is bound in it is out of everybody's
/// reach until it has its mode, and then moves to its place in one step.
package struct PrivateFolder: Sendable {
    private let folder: String
    private let target: String
    /// Where the socket is to be bound.
    package var socket: String { "\(folder)/s" }

    /// Makes the folder.
    ///
    /// - Parameter target: where the socket is to be in the end. A socket that is there gives way, anything else does not.
    /// - Throws: the errno; ENOTSOCK where there is something else than a socket.
    package init(beside target: String) throws(SocketError) {
        var facts = stat()
        if lstat(target, &facts) == 0, facts.st_mode & S_IFMT != S_IFSOCK { throw SocketError(code: ENOTSOCK) }
        let parent = target.utf8.lastIndex(of: UInt8(ascii: "/")).map { target[..<$0] } ?? "."
        var name = Array("\(parent)/.XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw SocketError(code: errno) }
        folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.target = target
    }

    /// Gives what was bound its mode, and moves it to its place.
    ///
    /// - Throws: the errno; the folder is gone in any case.
    package func open(mode: UInt32) throws(SocketError) {
        defer { remove() }
        guard chmod(socket, mode_t(mode)) == 0, rename(socket, target) == 0 else { throw SocketError(code: errno) }
    }

    /// Takes the folder away, with what was bound in it.
    package func remove() {
        _ = unlink(socket)
        _ = rmdir(folder)
    }
}
