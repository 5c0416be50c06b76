import Glibc
import Synchronization
import Testing

@testable import ApusReactor

@Suite("The writer of a log", .timeLimit(.minutes(15))) struct BatchWriterTests {
    @Test("what was gathered is written before it closes, and nothing after") func closes() throws {
        let place = LogPlace()
        let log = try BatchWriter(.file(path: place.file("log"), rotation: nil), bound: 1 << 20) { _ in }
        for number in 0..<100 { log.line("\(number)") }
        log.close()
        log.close()
        log.line("late")
        #expect(place.text("log") == (0..<100).map { "\($0)\n" }.joined())
        #expect(log.dropped == 1)
    }

    @Test("lines of many threads are all there, whole, while the file is opened anew") func threads() throws {
        let place = LogPlace()
        let rotation = LogRotation(size: 4096, keep: 1000)
        let log = try BatchWriter(.file(path: place.file("log"), rotation: rotation), bound: 1 << 24) { _ in }
        let ends = (0..<4).map { thread in
            inBackground {
                for number in 0..<2000 { log.line("thread \(thread) line \(number)") }
                return true
            }
        }
        for _ in 0..<50 { try log.reopen() }
        for end in ends { #expect(end() == true) }
        log.close()
        #expect(log.dropped == 0)
        var lines = Set<String>()
        for name in place.names {
            for line in place.text(name).split(separator: "\n") {
                let isNew = lines.insert(String(line)).inserted
                #expect(isNew)
            }
        }
        #expect(lines.count == 8000)
        #expect(lines.contains("thread 3 line 1999"))
    }

    @Test("a file that cannot be opened is told at the start, and one that cannot be opened anew stays")
    func unopenable()
        throws
    {
        #expect(throws: SocketError.self) {
            try BatchWriter(.file(path: "/nonexistent/log", rotation: nil), bound: 4096) { _ in }
        }
        let place = LogPlace()
        #expect(mkdir(place.file("inner"), 0o700) == 0)
        let log = try BatchWriter(.file(path: place.file("inner/log"), rotation: nil), bound: 4096) { _ in }
        #expect(rename(place.file("inner/log"), place.file("log")) == 0)
        #expect(rmdir(place.file("inner")) == 0)
        #expect(throws: SocketError(code: ENOENT)) { try log.reopen() }
        log.line("still")
        log.close()
        #expect(place.text("log") == "still\n")
    }

    @Test("a batch larger than the bound is dropped as a whole, and told of") func bound() throws {
        let place = LogPlace()
        let troubles = Troubles()
        let log = try BatchWriter(.file(path: place.file("log"), rotation: nil), bound: 10) { troubles.add($0) }
        let bytes = Array("one\ntwo\nthree\n".utf8)
        log.append(bytes, count: bytes.count, lines: 3)
        #expect(troubles.next() == .dropped(lines: 3, error: nil))
        log.append(bytes, count: 8, lines: 2)
        log.close()
        #expect(place.text("log") == "one\ntwo\n")
    }
}
