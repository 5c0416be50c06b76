internal import CApusReactor
internal import Glibc

/// The file of a listening socket that only its owner, and root, may open.
///
/// Nobody else can connect at any moment, for it gets its mode in a folder that only its owner enters. One that a process left behind
/// gives way; one that somebody listens on does not.
package struct LocalSocketFile: Sendable {
    /// Why there is none.
    package enum Fault: Error, Sendable, Equatable {
        /// That process listens there; 0 where the kernel does not tell.
        case taken(process: Int32)
        /// A file that is no socket is there.
        case notSocket
        /// The system's errno.
        case failed(SocketError)
    }

    private let path: String
    /// By which the file is known to be still this one.
    private let identity: Identity?

    private struct Identity: Sendable, Equatable {
        let device: UInt
        let file: UInt
    }

    /// How many connections may wait to be accepted.
    private static let backlog: Int32 = 16
    /// How long whoever is there may take, in milliseconds.
    private static let patience: Int32 = 500

    /// Takes the place, and listens there.
    ///
    /// - Parameter path: an absolute one, whose folder is there.
    /// - Returns: the file, and the listening socket for a reactor, which is the caller's to close.
    package static func claim(_ path: String) throws(Fault) -> (file: LocalSocketFile, socket: Int32) {
        // Of two that begin at the same time both would find nobody there.
        let lock = FolderLock(of: path)
        defer { lock.release() }
        if let fault = whyTaken(path) { throw fault }
        let folder: PrivateFolder
        do throws(SocketError) { folder = try PrivateFolder(beside: path) } catch {
            throw error.code == ENOTSOCK ? .notSocket : .failed(error)
        }
        let name = Array(folder.socket.utf8).map { CChar(bitPattern: $0) }
        let number = apus_listen_local(name, name.count, backlog)
        guard number >= 0 else {
            folder.remove()
            throw .failed(SocketError(code: -number))
        }
        do throws(SocketError) { try folder.open(mode: 0o600) } catch {
            apus_close(number)
            throw .failed(error)
        }
        return (LocalSocketFile(path: path, identity: identity(path)), number)
    }

    private static func whyTaken(_ path: String) -> Fault? {
        do throws(SocketError) {
            let other = try ClientSocket.connect(path: path, timeout: patience)
            return .taken(process: other.peer?.process ?? 0)
        } catch {
            switch error.code {
            case ENOENT, ECONNREFUSED: return nil
            // Somebody listens, and is busy.
            case EAGAIN, ETIMEDOUT: return .taken(process: 0)
            default: return .failed(error)
            }
        }
    }

    /// Takes away a socket that a process has left behind: one that nobody listens on. It listens before it has its name, so that none
    /// which is about to is taken for one.
    package static func sweep(_ path: String) {
        let lock = FolderLock(of: path)
        defer { lock.release() }
        guard identity(path) != nil else { return }
        do throws(SocketError) { _ = try ClientSocket.connect(path: path, timeout: patience) } catch {
            if error.code == ECONNREFUSED { _ = unlink(path) }
        }
    }

    /// Takes the file away, unless it is another one's by now.
    package func remove() {
        let lock = FolderLock(of: path)
        defer { lock.release() }
        if let identity, Self.identity(path) == identity { _ = unlink(path) }
    }

    private static func identity(_ path: String) -> Identity? {
        var facts = stat()
        guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFSOCK else { return nil }
        return Identity(device: UInt(facts.st_dev), file: UInt(facts.st_ino))
    }
}

/// The lock on the folder of a file, by which processes of one house let each other be; who does not get it goes on without.
private struct FolderLock {
    private let number: Int32
    /// How often it is tried, 20 ms apart: who may read a folder can lock it, and must not keep anybody from starting.
    private static let tries = 100

    init(of path: String) {
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
        number = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return }
        for _ in 0..<FolderLock.tries {
            if flock(number, LOCK_EX | LOCK_NB) == 0 { return }
            usleep(20_000)
        }
    }

    func release() {
        if number >= 0 { apus_close(number) }
    }
}
