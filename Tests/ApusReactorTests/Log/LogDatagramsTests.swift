import Glibc
import Testing

@testable import ApusReactor

@Suite("A log's socket", .timeLimit(.minutes(15))) struct LogDatagramsTests {
    /// Lines behind a mark.
    private static let framed = LogEntries.lines { line, time, datagram in
        datagram += Array((time > 0 ? "> " : "? ").utf8)
        for index in line.indices { datagram.append(line[index]) }
    }

    private func writer(
        _ socket: LogSocket,
        _ entries: LogEntries = LogDatagramsTests.framed,
        bound: Int = 1 << 20,
        troubles: Troubles = Troubles()
    ) throws -> BatchWriter {
        var timing = LogTiming()
        timing.retry = 1000
        return try BatchWriter(.datagrams(to: socket, entries: entries), bound: bound, timing: timing) {
            troubles.add($0)
        }
    }

    @Test("each line of a batch is one datagram") func lines() throws {
        let place = LogPlace()
        let collector = Collector(place.file("socket"))
        let log = try writer(.local(path: collector.path))
        let bytes = Array("one\ntwo\nthree\n".utf8)
        log.append(bytes, count: bytes.count, lines: 3)
        #expect((0..<3).map { _ in collector.next() } == ["> one", "> two", "> three"])
        log.close()
        #expect(log.dropped == 0)
    }

    @Test("an entry by its length may hold any byte") func counted() throws {
        let place = LogPlace()
        let collector = Collector(place.file("socket"))
        let log = try writer(.local(path: collector.path), .counted)
        var bytes: [UInt8] = []
        for text in ["a\nb", "", "c"] { BatchWriter.appendCounted(Array(text.utf8), to: &bytes) }
        log.append(bytes, count: bytes.count, lines: 3)
        #expect((0..<3).map { _ in collector.next() } == ["a\nb", "", "c"])
        log.close()
    }

    @Test("UDP is sent to, and comes back when its receiver does") func udp() throws {
        let (first, address) = udpSocket()
        let troubles = Troubles()
        let log = try writer(.udp(address), troubles: troubles)
        log.line("one")
        #expect(received(first) == "> one")
        close(first)
        // The kernel tells of the first of them when the second is sent.
        repeat { log.line("lost") } while log.dropped == 0
        guard case .dropped(_, let error) = troubles.next() else {
            Issue.record("nothing was told")
            return
        }
        #expect(error == .connectionRefused)
        let (second, _) = udpSocket(port: address.port)
        defer { close(second) }
        // What was gathered before may come first.
        var came: String?
        while came != "> again" {
            log.line("again")
            came = received(second, within: 10)
            if let came { #expect(came == "> lost" || came == "> again") }
        }
        log.close()
    }

    @Test("a collector that is away costs its lines, which are counted, and it comes back by itself") func away() throws
    {
        let place = LogPlace()
        let troubles = Troubles()
        let log = try writer(.local(path: place.file("socket")), troubles: troubles)
        log.line("one")
        #expect(log.waitForDrops(1))
        #expect(troubles.next() == .dropped(lines: 1, error: SocketError(code: ENOENT)))
        for _ in 0..<2 {
            // The second time there is another socket of the same name.
            let collector = Collector(place.file("socket"))
            var came: String?
            while came == nil {
                log.line("again")
                came = collector.next(within: 10)
            }
            #expect(came == "> again")
        }
        log.close()
    }

    @Test("a collector that does not read holds the log's thread alone, and what it then reads is whole") func slow()
        throws
    {
        let place = LogPlace()
        let collector = Collector(place.file("socket"))
        let troubles = Troubles()
        let log = try writer(.local(path: collector.path), bound: 4096, troubles: troubles)
        let line = String(repeating: "x", count: 1023)
        while collector.hasRoom { log.line(line) }
        while log.dropped < 100 { log.line(line) }
        guard case .dropped = troubles.next() else {
            Issue.record("nothing was told")
            return
        }
        for _ in 0..<5 { #expect(collector.next() == "> \(line)") }
        // It does not read on: the end does not wait for it for long.
        for _ in 0..<100 { log.line(line) }
        let before = log.dropped
        log.close()
        #expect(log.dropped >= before)
    }
}
