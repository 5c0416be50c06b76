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

    /// All bytes of the file at a path, up to a limit in bytes.
    package let read: @Sendable (_ path: String, _ limit: Int) throws(Fault) -> [UInt8]

    package init(read: @escaping @Sendable (_ path: String, _ limit: Int) throws(Fault) -> [UInt8]) {
        self.read = read
    }

    /// The machine's files.
    package static let system = FileAccess { (path, limit) throws(Fault) in
        do throws(HostFile.Fault) { return try HostFile.read(path, upTo: limit) } catch {
            switch error {
            case .missing: throw .missing
            case .tooLarge: throw .unusable("the file is larger than \(ByteSize.describe(limit))")
            case .failed(let words): throw .unusable("the file cannot be read: \(words)")
            }
        }
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
