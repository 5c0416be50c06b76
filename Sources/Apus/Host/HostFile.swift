internal import ApusReactor

/// Files that a command reads whole: settings, lists, passwords.
package enum HostFile {
    /// Why a file was not read.
    package enum Fault: Error, Sendable, Equatable {
        /// There is no file of that name.
        case missing
        /// It has more bytes than were allowed.
        case tooLarge
        /// The system's words, such as "Permission denied".
        case failed(String)
        /// It was changed while it was read, for seconds.
        case changing
    }

    /// Tells one state of a file from another: a file that is written anew, or replaced, has another mark. nil where there is none.
    package static func mark(_ path: String) -> String? { FileContents.mark(path) }

    /// All bytes of a file, up to a limit.
    package static func read(_ path: String, upTo limit: Int) throws(Fault) -> [UInt8] {
        try result(FileContents.read(path, upTo: limit))
    }

    /// All bytes of a file that somebody may be writing, up to a limit: none that was changed while it was read. A pipe is read as it
    /// comes.
    ///
    /// - Parameter quiet: how long the file must have lain still, in milliseconds.
    package static func readWhole(_ path: String, upTo limit: Int, quiet: Int = 0) throws(Fault) -> [UInt8] {
        try result(FileContents.readWhole(path, upTo: limit, quiet: quiet, patience: 2000))
    }

    /// Whether there is a regular file of that name: no pipe, device or folder.
    package static func isRegular(_ path: String) -> Bool { FileContents.isRegular(path) }

    /// Whether every user of the machine may read a file; false where there is none.
    package static func isReadByAll(_ path: String) -> Bool { FileContents.isReadByAll(path) }

    /// Why nothing could be appended to a file, which would be made where there is none: the system's words; nil if it could.
    package static func whyNotAppended(_ path: String) -> String? { FileContents.whyNotAppended(path) }

    /// Why a file could not be read: the system's words; nil if it could.
    package static func whyNotRead(_ path: String) -> String? { FileContents.whyNotRead(path) }

    /// Why no file, or socket, could be made under a name: the system's words; nil if it could.
    package static func whyNotMade(_ path: String) -> String? { FileContents.whyNotMade(path) }

    private static func result(_ contents: FileContents) throws(Fault) -> [UInt8] {
        switch contents {
        case .bytes(let bytes): return bytes
        case .missing: throw .missing
        case .tooLarge: throw .tooLarge
        case .failed(let words): throw .failed(words)
        case .changing: throw .changing
        }
    }

    /// Writes a file that only its owner may read.
    ///
    /// - Parameter replacing: whether one that is there is written over; else it is kept.
    /// - Returns: the system's words for why not; nil when it is written.
    package static func write(_ path: String, _ bytes: [UInt8], replacing: Bool) -> String? {
        FileContents.write(path, bytes, replacing: replacing)
    }
}
