import Glibc
import Testing

@testable import ApusReactor

@Suite("A log's file", .timeLimit(.minutes(15))) struct LogFileTests {
    private func writer(
        _ path: String,
        _ rotation: LogRotation? = nil,
        bound: Int = 1 << 20,
        retry: UInt64 = 1_000_000,
        troubles: Troubles = Troubles()
    ) throws -> BatchWriter {
        var timing = LogTiming()
        timing.retry = retry
        return try BatchWriter(.file(path: path, rotation: rotation), bound: bound, timing: timing) { troubles.add($0) }
    }

    @Test("a file that would grow too large gives way, and no line is lost, torn or doubled") func rotates() throws {
        let place = LogPlace()
        let log = try writer(place.file("log"), LogRotation(size: 100, keep: 50))
        for number in 0..<200 { log.line("line \(number)") }
        log.close()
        let names = place.names
        #expect(names.count > 15)
        // The highest number is the oldest file.
        let numbers = names.compactMap { Int($0.dropFirst("log.".count)) }.sorted(by: >)
        var all = ""
        for name in numbers.map({ "log.\($0)" }) + ["log"] {
            let text = place.text(name)
            #expect(text.utf8.count <= 100 && text.hasSuffix("\n"))
            all += text
        }
        #expect(all == (0..<200).map { "line \($0)\n" }.joined())
        #expect(log.dropped == 0)
    }

    @Test("only so many old files stay, and what a file held before it was opened counts") func keeps() throws {
        let place = LogPlace()
        try writer(place.file("log")).use { $0.line(String(repeating: "o", count: 90)) }
        let log = try writer(place.file("log"), LogRotation(size: 100, keep: 2))
        for number in 0..<40 { log.line("line number \(number)") }
        log.close()
        #expect(place.names == ["log", "log.1", "log.2"])
        #expect(place.text("log").hasSuffix("line number 39\n"))
    }

    @Test("a line longer than a file has one of its own") func longLine() throws {
        let place = LogPlace()
        let log = try writer(place.file("log"), LogRotation(size: 50, keep: 9))
        let long = String(repeating: "x", count: 200)
        for line in ["a", long, "b"] { log.line(line) }
        log.close()
        #expect(place.text("log") == "b\n")
        #expect(place.text("log.1") == "\(long)\n")
        #expect(place.text("log.2") == "a\n")
    }

    @Test("where a file cannot be put aside, that is told once and lines go on to the old one") func stays() throws {
        let place = LogPlace()
        // A folder with something in it cannot be replaced by a file.
        #expect(mkdir(place.file("log.1"), 0o700) == 0 && mkdir(place.file("log.1/x"), 0o700) == 0)
        defer {
            rmdir(place.file("log.1/x"))
            rmdir(place.file("log.1"))
        }
        let troubles = Troubles()
        let log = try writer(place.file("log"), LogRotation(size: 20, keep: 1), retry: 0, troubles: troubles)
        for number in 0..<10 { log.line("line \(number)") }
        log.close()
        #expect(place.text("log") == (0..<10).map { "line \($0)\n" }.joined())
        #expect(troubles.told == [.cannotRotate(SocketError(code: EISDIR))])
        #expect(log.dropped == 0)
    }

    @Test("old files outlive that a new one cannot be put in place") func keepsOld() throws {
        let place = LogPlace()
        for number in 1...3 {
            let descriptor = open(place.file("log.\(number)"), O_CREAT | O_WRONLY, 0o600)
            #expect(write(descriptor, "old \(number)\n", 6) == 6)
            close(descriptor)
        }
        // Where the new file would be made stands a folder.
        #expect(mkdir(place.file("log.next"), 0o700) == 0)
        defer { rmdir(place.file("log.next")) }
        let log = try writer(place.file("log"), LogRotation(size: 20, keep: 3), retry: 0, troubles: Troubles())
        for number in 0..<10 { log.line("line \(number)") }
        log.close()
        #expect(place.text("log") == (0..<10).map { "line \($0)\n" }.joined())
        for number in 1...3 { #expect(place.text("log.\(number)") == "old \(number)\n") }
    }

    @Test("a file that somebody else has put in place is not put aside") func foreign() throws {
        let place = LogPlace()
        let log = try writer(place.file("log"), LogRotation(size: 30, keep: 3))
        #expect(rename(place.file("log"), place.file("moved")) == 0)
        for number in 0..<5 { log.line("line \(number)") }
        log.close()
        #expect(place.text("moved") == "line 0\nline 1\nline 2\nline 3\n")
        #expect(place.text("log") == "line 4\n")
        #expect(place.names == ["log", "moved"])
    }

    @Test("a FIFO whose reader is away or slow costs lines, never time") func fifo() throws {
        let place = LogPlace()
        #expect(mkfifo(place.file("log"), 0o600) == 0)
        let troubles = Troubles()
        let log = try writer(place.file("log"), bound: 4096, troubles: troubles)
        let line = String(repeating: "x", count: 1023)
        // The pipe takes 64 KiB, the writer holds one batch and gathers another.
        for _ in 0..<1000 { log.line(line) }
        #expect(log.dropped > 800)
        guard case .dropped(let lines, nil) = troubles.next() else {
            Issue.record("nothing was told")
            return
        }
        #expect(lines > 0)
        // A reader comes: what waits in the pipe are whole lines.
        let reader = open(place.file("log"), O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(reader, &bytes, bytes.count)
        try #require(count > 1024)
        #expect(String(decoding: bytes[..<1024], as: UTF8.self) == "\(line)\n")
        log.close()
    }

    @Test("a line that was cut off is ended before the next one") func torn() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let file = LogFile(ends[1], path: nil, rotation: nil, LogTiming()) { _ in }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        // Lines that do not come out even with what the pipe takes.
        let lines = Array(String(repeating: String(repeating: "x", count: 999) + "\n", count: 100).utf8)
        var lost: UInt64 = 0
        file.write(lines, LogRun(goesOn: { _ in false }, lost: { count, _ in lost += count }))
        let came = read(ends[0], &bytes, bytes.count)
        #expect(came % 1000 != 0 && Int(lost) == 100 - came / 1000)
        file.write(Array("next\n".utf8), LogRun(goesOn: { _ in false }, lost: { count, _ in lost += count }))
        let more = read(ends[0], &bytes, bytes.count)
        #expect(String(decoding: bytes[..<more], as: UTF8.self) == "\nnext\n")
    }

    @Test("lines that a full disk refuses are counted") func full() throws {
        guard access("/dev/full", W_OK) == 0 else { return }
        let troubles = Troubles()
        let log = try writer("/dev/full", LogRotation(size: 10, keep: 1), troubles: troubles)
        for number in 0..<10 { log.line("line \(number)") }
        log.close()
        #expect(log.dropped == 10)
        #expect(troubles.told.first == .dropped(lines: 10, error: SocketError(code: ENOSPC)))
    }
}

extension BatchWriter {
    fileprivate func use(_ body: (BatchWriter) -> Void) {
        body(self)
        close()
    }
}
