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
