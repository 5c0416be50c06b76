internal import CApusReactor
internal import Glibc

/// A file, a FIFO or standard output, with rotation by size.
final class LogFile: LogSink {
    private let path: String?
    private let rotation: LogRotation?
    private let retry: UInt64
    private let trouble: (LogTrouble) -> Void
    private var descriptor: Int32
    /// A disk: a write never waits for a reader.
    private var isRegular = false
    private var size = 0
    /// The last line was cut off by an error; what comes next begins a new one.
    private var isTorn = false
    private var rotatesAt: UInt64 = 0
    private var cannotRotate = false

    /// Standard output that is no disk is written in pieces that a pipe with room takes at once: it may not be told not to wait,
    /// which all who share it would notice.
    private static let piece = 4096

    /// Takes over the descriptor, unless there is no path.
    init(
        _ descriptor: Int32,
        path: String?,
        rotation: LogRotation?,
        _ timing: LogTiming,
        _ trouble: @escaping (LogTrouble) -> Void
    ) {
        self.descriptor = descriptor
        self.path = path
        self.rotation = rotation
        self.trouble = trouble
        retry = timing.retry
        look()
    }

    deinit { if path != nil { apus_close(descriptor) } }

    /// Opens a file to append to, without waiting for a FIFO's reader.
    static func open(_ path: String) throws(SocketError) -> Int32 {
        var facts = stat()
        let isPipe = stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFIFO
        // A FIFO whose writer may read as well never lacks a reader: lines wait in it, and nothing fails when one leaves.
        let mode = (isPipe ? O_RDWR : O_WRONLY) | O_NONBLOCK
        let descriptor = Glibc.open(path, mode | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw SocketError(code: errno) }
        return descriptor
    }

    func write(_ bytes: [UInt8], _ run: borrowing LogRun) {
        var start = 0
        while start < bytes.count {
            let end = rotation == nil || !isRegular ? bytes.count : fitting(bytes, start)
            let (written, error) = put(bytes, start, end, run)
            if written < end {
                if written > start { isTorn = bytes[written - 1] != 0x0a }
                let lost = bytes[written...].count { $0 == 0x0a }
                return run.lost(UInt64(lost), error)
            }
            start = end
        }
    }

    func reopen() {
        guard let path else { return }
        do throws(SocketError) {
            replace(try LogFile.open(path))
        } catch {
            trouble(.cannotReopen(error))
        }
    }

    private func replace(_ new: Int32) {
        apus_close(descriptor)
        descriptor = new
        isTorn = false
        look()
    }

    private func look() {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return }
        isRegular = facts.st_mode & S_IFMT == S_IFREG
        size = Int(facts.st_size)
    }

    /// Writes a run of bytes; answers where it ended, and why when that is too early.
    private func put(_ bytes: [UInt8], _ start: Int, _ end: Int, _ run: borrowing LogRun) -> (Int, SocketError?) {
        if isTorn {
            guard Glibc.write(descriptor, "\n", 1) == 1 else { return (start, SocketError(code: errno)) }
            isTorn = false
            size += 1
        }
        var written = start
        while written < end {
            if !isRegular, !run.waits(for: descriptor) { return (written, nil) }
            let count = isRegular || path != nil ? end - written : min(end - written, LogFile.piece)
            let result = bytes.withUnsafeBytes { all in
                Glibc.write(descriptor, all.baseAddress.map { $0 + written }, count)
            }
            if result > 0 {
                written += result
                size += result
            } else if result == 0 || (errno != EINTR && errno != EAGAIN) {
                return (written, SocketError(code: result == 0 ? ENOSPC : errno))
            } else if !run.goesOn(0) {
                return (written, nil)
            }
        }
        return (written, nil)
    }
}

/// Rotation by size.
extension LogFile {
    /// Up to where the lines from here on go into this file; the file is a new one where none would.
    private func fitting(_ bytes: [UInt8], _ start: Int) -> Int {
        guard let rotation else { return bytes.count }
        // A few times at the most: a file that was put aside by somebody else may have a full one in its place.
        for _ in 0..<3 {
            let room = rotation.size - size
            if bytes.count - start <= room { return bytes.count }
            if room > 0, let last = bytes[start..<(start + room)].lastIndex(of: 0x0a) { return last + 1 }
            guard size > 0 else { break }
            guard rotate(rotation) else { return bytes.count }
        }
        // A line that is longer than a whole file.
        return (bytes[start...].firstIndex(of: 0x0a) ?? bytes.count - 1) + 1
    }

    /// Puts the file aside and opens a new one; the old one stays on a fault, and is tried again after a while.
    private func rotate(_ rotation: LogRotation) -> Bool {
        guard let path, apus_now_us() >= rotatesAt else { return false }
        do throws(SocketError) {
            // Somebody else has put it aside already: what is there now is not ours to rename.
            if isStillAt(path) { try putAside(path, keep: rotation.keep) } else { replace(try LogFile.open(path)) }
            cannotRotate = false
            return true
        } catch {
            rotatesAt = apus_now_us() + retry
            if !cannotRotate { trouble(.cannotRotate(error)) }
            cannotRotate = true
            return false
        }
    }

    private func putAside(_ path: String, keep: Int) throws(SocketError) {
        // The new file first: what is put aside without one would have to come back, and the oldest would be lost for nothing.
        let next = "\(path).next"
        let fresh = try LogFile.open(next)
        // Up to the first gap: what failed before has left one.
        let gap = (1..<max(1, keep)).first { access("\(path).\($0)", F_OK) != 0 } ?? max(1, keep)
        for number in stride(from: gap - 1, to: 0, by: -1)
        where rename("\(path).\(number)", "\(path).\(number + 1)") != 0 && errno != ENOENT {
            try giveUp(fresh, next)
        }
        if rename(path, "\(path).1") != 0 { try giveUp(fresh, next) }
        if rename(next, path) != 0 {
            let code = errno
            _ = rename("\(path).1", path)
            errno = code
            try giveUp(fresh, next)
        }
        replace(fresh)
    }

    /// Takes a file that was to be the next one away again.
    private func giveUp(_ descriptor: Int32, _ path: String) throws(SocketError) {
        let code = errno
        _ = Glibc.close(descriptor)
        _ = unlink(path)
        throw SocketError(code: code)
    }

    private func isStillAt(_ path: String) -> Bool {
        var own = stat()
        var named = stat()
        guard fstat(descriptor, &own) == 0, stat(path, &named) == 0 else { return false }
        return own.st_dev == named.st_dev && own.st_ino == named.st_ino
    }
}
