internal import Glibc

/// What reading a whole file came to.
package enum FileContents: Sendable, Equatable {
    /// All its bytes.
    case bytes([UInt8])
    /// There is no file of that name.
    case missing
    /// It has more bytes than were allowed.
    case tooLarge
    /// The system's words for why not, such as "Permission denied".
    case failed(String)
    /// It was changed while it was read, again and again.
    case changing

    /// Reads a file to its end, however many reads that takes; waits where the file does. For the time before serving, and for
    /// threads that serve nobody.
    package static func read(_ path: String, upTo limit: Int) -> FileContents {
        // The system would take the path up to its NUL.
        if path.utf8.contains(0) { return .missing }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            return errno == ENOENT || errno == ENOTDIR ? .missing : .failed(words(errno))
        }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                guard bytes.count + count <= limit else { return .tooLarge }
                bytes.append(contentsOf: block.prefix(count))
            } else if count == 0 {
                return .bytes(bytes)
            } else if errno != EINTR {
                return .failed(words(errno))
            }
        }
    }

    /// Reads a file that somebody may be writing: what is told is what was there from one moment to another, its identity, size
    /// and time of change the same before and after. It is waited for a little, as ``read(_:upTo:)`` waits.
    ///
    /// What is no regular file, such as a pipe, is read as it comes.
    ///
    /// - Parameters:
    ///   - quiet: how long the file must have lain still, in milliseconds.
    ///   - patience: how long it is waited for, in milliseconds.
    ///   - pause: waits for so many milliseconds.
    ///   - hasRead: called after each read, so that a test can write between it and the second look.
    package static func readWhole(
        _ path: String,
        upTo limit: Int,
        quiet: Int,
        patience: Int,
        pause: (Int) -> Void = { pause(milliseconds: $0) },
        hasRead: () -> Void = {}
    ) -> FileContents {
        let end = SystemInfo.monotonicMicroseconds() + UInt64(patience) * 1000
        while true {
            guard isRegular(path), let before = mark(path) else { return read(path, upTo: limit) }
            if quiet > 0, !hasLainStill(path, quiet) {
                pause(quiet)
                // The time of change may be that of another machine's clock: what counts is that nothing changed meanwhile.
                guard mark(path) == before else {
                    if SystemInfo.monotonicMicroseconds() >= end { return .changing }
                    continue
                }
            }
            let contents = read(path, upTo: limit)
            hasRead()
            if mark(path) == before { return contents }
            if SystemInfo.monotonicMicroseconds() >= end { return .changing }
            pause(20)
        }
    }

    /// Whether there is a regular file, no pipe, device or folder.
    package static func isRegular(_ path: String) -> Bool {
        var facts = stat()
        return !path.utf8.contains(0) && stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// Whether every user of the machine may read a file; false where there is none.
    package static func isReadByAll(_ path: String) -> Bool {
        var facts = stat()
        return !path.utf8.contains(0) && stat(path, &facts) == 0 && facts.st_mode & S_IROTH != 0
    }

    private static func hasLainStill(_ path: String, _ milliseconds: Int) -> Bool {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return false }
        let changed = Int64(facts.st_mtim.tv_sec) * 1_000_000 + Int64(facts.st_mtim.tv_nsec) / 1000
        let age = SystemInfo.unixMicroseconds() - changed
        return age >= Int64(milliseconds) * 1000
    }

    private static func pause(milliseconds: Int) {
        var wanted = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
        var rest = timespec()
        while nanosleep(&wanted, &rest) != 0, errno == EINTR { wanted = rest }
    }

    /// Why nothing could be appended to a file, which is made where there is none: the system's words; nil if it could. Nothing is
    /// opened or made.
    package static func whyNotAppended(_ path: String) -> String? {
        var facts = stat()
        guard !path.utf8.contains(0), stat(path, &facts) == 0 else { return whyNotMade(path) }
        if facts.st_mode & S_IFMT == S_IFDIR { return words(EISDIR) }
        // A FIFO is opened for reading too, so that it never lacks a reader.
        let access = facts.st_mode & S_IFMT == S_IFIFO ? R_OK | W_OK : W_OK
        return faccessat(AT_FDCWD, path, access, AT_EACCESS) == 0 ? nil : words(errno)
    }

    /// Why a file could not be read: the system's words; nil if it could.
    package static func whyNotRead(_ path: String) -> String? {
        guard !path.utf8.contains(0) else { return words(ENOENT) }
        return faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 ? nil : words(errno)
    }

    /// Why no file could be made under a name in its folder: the system's words; nil if one could.
    package static func whyNotMade(_ path: String) -> String? {
        guard !path.utf8.contains(0) else { return words(ENOENT) }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var facts = stat()
        guard stat(folder, &facts) == 0 else { return words(errno) }
        guard facts.st_mode & S_IFMT == S_IFDIR else { return words(ENOTDIR) }
        return faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0 ? nil : words(errno)
    }

    /// Writes a file that only its owner may read.
    ///
    /// - Parameter replacing: whether one that is there is written over.
    /// - Returns: the system's words for why not; nil when it is written.
    package static func write(_ path: String, _ bytes: [UInt8], replacing: Bool) -> String? {
        if path.utf8.contains(0) { return words(ENOENT) }
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (replacing ? O_TRUNC : O_EXCL)
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { return words(errno) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                let why = words(errno)
                _ = close(descriptor)
                return why
            }
        }
        return close(descriptor) == 0 ? nil : words(errno)
    }

    /// The file's identity, size and time of change as text; nil where there is no file.
    package static func mark(_ path: String) -> String? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        let time = facts.st_mtim
        return "\(facts.st_dev).\(facts.st_ino).\(facts.st_size).\(time.tv_sec).\(time.tv_nsec)"
    }

    private static func words(_ error: Int32) -> String {
        strerror(error).map { String(cString: $0) } ?? "error \(error)"
    }
}
