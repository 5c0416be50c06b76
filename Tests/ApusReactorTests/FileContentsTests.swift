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

    /// A file of the test's own with a text in it, gone when the body ends.
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        var name = Array("/tmp/apus-file-XXXXXX".utf8CString)
        let descriptor = name.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        try #require(descriptor >= 0)
        close(descriptor)
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        try put(text, to: path)
        try body(path)
    }

    private func put(_ text: String, to path: String, age seconds: Int = 0) throws {
        try #require(FileContents.write(path, Array(text.utf8), replacing: true) == nil)
        guard seconds > 0 else { return }
        let then = timeval(tv_sec: time(nil) - seconds, tv_usec: 0)
        try #require(utimes(path, [then, then]) == 0)
    }

    @Test("a file that changes while it is read is read again until it is the same before and after")
    func whole() throws {
        try withFile("rules:") { path in
            var reads = 0
            let contents = FileContents.readWhole(path, upTo: 99, quiet: 0, patience: 60_000, pause: { _ in }) {
                reads += 1
                if reads < 3 { try? put("rules: [deny: all]" + String(repeating: "\n", count: reads), to: path) }
            }
            #expect(contents == .bytes(Array("rules: [deny: all]\n\n".utf8)) && reads == 3)
        }
    }

    @Test("another file under the same name, of the same size and time, is a change")
    func replaced() throws {
        try withFile("old") { path in
            try put("old", to: path, age: 100)
            var reads = 0
            let contents = FileContents.readWhole(path, upTo: 99, quiet: 0, patience: 60_000, pause: { _ in }) {
                reads += 1
                guard reads == 1 else { return }
                try? put("new", to: path + ".new", age: 100)
                rename(path + ".new", path)
            }
            #expect(contents == .bytes(Array("new".utf8)) && reads == 2)
        }
    }

    @Test("a file that never lies still is not taken")
    func changing() throws {
        try withFile("") { path in
            var size = 0
            let contents = FileContents.readWhole(path, upTo: 1 << 20, quiet: 0, patience: 0, pause: { _ in }) {
                size += 1
                try? put(String(repeating: "x", count: size), to: path)
            }
            #expect(contents == .changing)
            #expect(FileContents.readWhole(path, upTo: 9, quiet: 0, patience: 0) == .bytes([UInt8(ascii: "x")]))
        }
    }

    @Test("a file that was changed a moment ago is waited for, an older one is taken at once")
    func quiet() throws {
        try withFile("a") { path in
            try put("ab", to: path, age: 100)
            var pauses: [Int] = []
            let old = FileContents.readWhole(path, upTo: 9, quiet: 250, patience: 60_000) { pauses.append($0) }
            #expect(old == .bytes([97, 98]))
            #expect(pauses == [])
            try put("abc", to: path)
            let contents = FileContents.readWhole(path, upTo: 9, quiet: 250_000, patience: 60_000) { milliseconds in
                pauses.append(milliseconds)
                if pauses.count < 3 { try? put("abcd" + String(repeating: "!", count: pauses.count), to: path) }
            }
            #expect(contents == .bytes(Array("abcd!!".utf8)))
            #expect(pauses == [250_000, 250_000, 250_000])
        }
    }

    @Test("a pipe is read as it comes, a file that is missing or too large is told as ever")
    func exempt() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        try #require(Glibc.write(ends[1], "abc", 3) == 3)
        close(ends[1])
        let piped = FileContents.readWhole("/dev/fd/\(ends[0])", upTo: 9, quiet: 250, patience: 0) { _ in Issue.record()
        }
        #expect(piped == .bytes([97, 98, 99]))
        #expect(!FileContents.isRegular("/dev/fd/\(ends[0])") && !FileContents.isRegular("/"))
        #expect(FileContents.readWhole("/nowhere/at/all", upTo: 9, quiet: 250, patience: 0) == .missing)
        try withFile("abc") { path in
            #expect(FileContents.isRegular(path) && !FileContents.isRegular(path + "\0"))
            #expect(FileContents.readWhole(path, upTo: 2, quiet: 0, patience: 0) == .tooLarge)
        }
    }

    @Test("whether a file could be appended to, or made, is told without touching it")
    func couldBe() throws {
        try withFile("a") { path in
            #expect(FileContents.whyNotAppended(path) == nil)
            #expect(
                FileContents.whyNotAppended(path + ".next") == nil && FileContents.whyNotMade(path + ".next") == nil
            )
            #expect(FileContents.read(path + ".next", upTo: 9) == .missing)
            #expect(FileContents.whyNotMade(path + "/x") == "Not a directory")
        }
        #expect(FileContents.whyNotAppended("/nowhere/at/all") == "No such file or directory")
        #expect(FileContents.whyNotMade("/nowhere/at/all") == "No such file or directory")
        #expect(FileContents.whyNotAppended("/") == "Is a directory")
        #expect(FileContents.whyNotAppended("a\0b") == "No such file or directory")
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
