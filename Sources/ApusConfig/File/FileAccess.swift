internal import Apus

/// How files are read, so that settings can be read without any.
package struct FileAccess: Sendable {
    /// Why a file cannot be used, as half a sentence.
    package enum Fault: Error, Sendable, Equatable {
        /// There is none of that name.
        case missing
        /// Anything else, in words.
        case unusable(String)

        var message: String {
            switch self {
            case .missing: "there is no such file"
            case .unusable(let words): words
            }
        }
    }

    /// Reads all bytes of the file at a path, up to a limit in bytes.
    package typealias Read = @Sendable (_ path: String, _ limit: Int) throws(Fault) -> [UInt8]

    /// How long a list, and a file that is watched, must have lain still before it is taken, in milliseconds.
    package static let quiet = 250

    /// For what is written by hand, and must not be taken while it is: settings, users, keys.
    package let read: Read
    /// For what programs fetch and write: lists. They must have lain still for ``quiet``.
    package var readList: Read
    /// For what grows while it is read: logs.
    package var readLog: Read
    /// Whether what is at a path has an end that a writer may not have reached: a file, no pipe.
    package var isFile: @Sendable (_ path: String) -> Bool = { _ in true }

    /// Whether there is anything at a path: a file, a socket.
    package var isThere: @Sendable (_ path: String) -> Bool = { _ in true }
    /// Whether every user of the machine may read a file.
    package var isReadByAll: @Sendable (_ path: String) -> Bool = { _ in false }

    /// Why nothing could be appended to a file, as half a sentence; nil if it could.
    package var whyNotAppended: @Sendable (_ path: String) -> String? = { _ in nil }
    /// Why nothing could be made under a name, as half a sentence; nil if it could.
    package var whyNotMade: @Sendable (_ path: String) -> String? = { _ in nil }

    /// Why a file could not be read, as half a sentence; nil if it could.
    package var whyNotRead: @Sendable (_ path: String) -> String? = { _ in nil }

    /// The files as a user has them whom this process is to become.
    package enum SeenBy: Sendable {
        /// What that user may do with them.
        case files(FileAccess)
        /// This process may not find out.
        case unknown
        /// There is no such user, as half a sentence.
        case nobody(String)
    }

    /// How a user of this name sees them.
    package var seenBy: @Sendable (_ user: String) -> SeenBy = { _ in .unknown }

    package init(read: @escaping Read) {
        self.read = read
        readList = read
        readLog = read
    }

    /// The machine's files.
    package static let system: FileAccess = {
        var files = FileAccess { (path, limit) throws(Fault) in
            do throws(HostFile.Fault) { return try HostFile.readWhole(path, upTo: limit) } catch {
                throw Fault(error, limit)
            }
        }
        files.readList = { (path, limit) throws(Fault) in
            do throws(HostFile.Fault) { return try HostFile.readWhole(path, upTo: limit, quiet: quiet) } catch {
                throw Fault(error, limit)
            }
        }
        files.readLog = { (path, limit) throws(Fault) in
            do throws(HostFile.Fault) { return try HostFile.read(path, upTo: limit) } catch {
                throw Fault(error, limit)
            }
        }
        files.isFile = { HostFile.isRegular($0) }
        files.isThere = { HostFile.mark($0) != nil }
        files.isReadByAll = { HostFile.isReadByAll($0) }
        files.whyNotAppended = { HostFile.whyNotAppended($0) }
        files.whyNotMade = { HostFile.whyNotMade($0) }
        files.whyNotRead = { HostFile.whyNotRead($0) }
        files.seenBy = { name in
            let user: HostUser
            do throws(HostFault) { user = try HostUser(name) } catch { return .nobody(error.description) }
            return HostUser.isRoot ? .files(.system(as: user)) : .unknown
        }
        return files
    }()

    /// The machine's files, as a user has them.
    private static func system(as user: HostUser) -> FileAccess {
        var files = system
        files.whyNotAppended = { path in user.run { HostFile.whyNotAppended(path) } ?? nil }
        files.whyNotMade = { path in user.run { HostFile.whyNotMade(path) } ?? nil }
        files.whyNotRead = { path in user.run { HostFile.whyNotRead(path) } ?? nil }
        return files
    }

    /// No file at all.
    package static let none = FileAccess { (_, _) throws(Fault) in throw .missing }

    /// These files, by their paths.
    package static func memory(_ files: [String: String]) -> FileAccess {
        FileAccess { (path, _) throws(Fault) in
            guard let text = files[path] else { throw .missing }
            return Array(text.utf8)
        }
    }
}

extension FileAccess.Fault {
    fileprivate init(_ fault: HostFile.Fault, _ limit: Int) {
        switch fault {
        case .missing: self = .missing
        case .tooLarge: self = .unusable("the file is larger than \(ByteSize.describe(limit))")
        case .failed(let words): self = .unusable("the file cannot be read: \(words)")
        case .changing: self = .unusable("the file is being written; read it again when it is whole")
        }
    }
}

/// What there is to say of a text that ends in the middle of a line.
let unfinished = "the last line does not end with a newline; it is taken as it is: is the file whole?"

/// Whether a text ends in the middle of a line, as one that is not whole may: such a file is taken, and deserves a word.
func endsWithoutNewline(_ path: String, _ bytes: [UInt8], _ files: FileAccess) -> Bool {
    guard let last = bytes.last else { return false }
    return last != UInt8(ascii: "\n") && files.isFile(path)
}
