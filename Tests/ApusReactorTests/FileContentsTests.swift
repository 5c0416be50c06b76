import Glibc
import Testing

@testable import ApusReactor

@Suite struct FileContentsTests {
    @Test("a file is read to its end, up to the limit")
    func reads() throws {
        var name = Array("/tmp/apus-file-XXXXXX".utf8CString)
        let descriptor = name.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        try #require(descriptor >= 0)
        defer {
            close(descriptor)
            unlink(name)
        }
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        try #require(written == bytes.count)
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(FileContents.read(path, upTo: bytes.count) == .bytes(bytes))
        #expect(FileContents.read(path, upTo: bytes.count - 1) == .tooLarge)
        #expect(FileContents.read("/dev/null", upTo: 0) == .bytes([]))
    }

    @Test("what is not there, is no file, or has a NUL in its name is told")
    func refuses() {
        #expect(FileContents.read("/nowhere/at/all", upTo: 10) == .missing)
        #expect(FileContents.read("/dev/null/x", upTo: 10) == .missing)
        #expect(FileContents.read("/dev/null\0x", upTo: 10) == .missing)
        #expect(FileContents.read("/", upTo: 10) == .failed("Is a directory"))
    }

    @Test("a file is written for its owner alone, and one that is there is kept unless it is to be replaced")
    func writes() throws {
        let path = "/tmp/apus-written-\(getpid())"
        unlink(path)
        defer { unlink(path) }
        #expect(FileContents.write(path, [1, 2, 3], replacing: false) == nil)
        #expect(FileContents.write(path, [4], replacing: false) == "File exists")
        #expect(FileContents.read(path, upTo: 9) == .bytes([1, 2, 3]))
        #expect(FileContents.write(path, [4], replacing: true) == nil)
        #expect(FileContents.read(path, upTo: 9) == .bytes([4]))
        var facts = stat()
        #expect(stat(path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
        #expect(FileContents.write("/nowhere/at/all", [1], replacing: true) == "No such file or directory")
        #expect(FileContents.write("/dev/full", [1], replacing: true) == "No space left on device")
    }
}
