internal import Glibc

/// A folder that a process keeps its own things in.
package enum OwnFolder {
    /// What a folder is to this process.
    package enum State: Sendable, Equatable {
        /// This user's, and nobody else may write to it.
        case own
        /// There is none.
        case missing
        /// It is another user's.
        case foreign(user: UInt32)
        /// Others may write to it, or it is no folder.
        case openToOthers
        /// It cannot be looked at; the system's words.
        case failed(SocketError)
    }

    /// Looks at it.
    package static func state(_ path: String) -> State {
        var facts = stat()
        guard !path.utf8.contains(0) else { return .missing }
        guard lstat(path, &facts) == 0 else {
            return errno == ENOENT ? .missing : .failed(SocketError(code: errno))
        }
        guard facts.st_mode & S_IFMT == S_IFDIR else { return .openToOthers }
        guard facts.st_uid == geteuid() else { return .foreign(user: facts.st_uid) }
        return facts.st_mode & 0o022 == 0 ? .own : .openToOthers
    }

    /// Makes it for this user alone, where its parent is there.
    ///
    /// - Throws: the errno.
    package static func make(_ path: String) throws(SocketError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SocketError(code: errno) }
    }

    /// What is in it, in order; nothing where it cannot be read.
    package static func names(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// This process's effective user.
    package static var user: UInt32 { geteuid() }
}
