import Apus
import ApusFlow
import ApusTesting
import Glibc
import Testing

@Suite("Bulk, counts and descriptors", .timeLimit(.minutes(15)))
struct BulkTests {
    /// Copied, spliced as no pipe is to be had, and in between.
    @Test("bytes are counted exactly, however they are moved", arguments: [1, 4095, 4096, 65_536, 1 << 20], [0, 64])
    func counts(size: Int, pipes: Int) async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                #expect(request.body == pattern(size, seed: 1))
                try connection.send(answer)
                try connection.send(pattern(size, seed: 2))
            }
        }
        let proxy = try await TestProxy.start { $0.limits.pipes = pipes }
        let request = head("PUT", origin.url(), "Content-Length: \(size)")
        let heads = try await proxy.client { client in
            var heads: [Int] = []
            for _ in 0..<3 {
                let before = client.received.count
                try client.send(request)
                try client.send(pattern(size, seed: 1))
                let response = try client.readResponse()
                #expect(response.body == pattern(size, seed: 2))
                heads.append(client.received.count - before - size)
            }
            return heads
        }
        #expect(origin.failures.isEmpty)
        for (record, head) in zip(try await proxy.settle(3), heads) {
            #expect(record.ending == .complete)
            #expect(record.bytes.fromClient == UInt64(request.utf8.count + size))
            #expect(record.bytes.toClient == UInt64(head + size))
            #expect(record.bytes.fromUpstream == UInt64(answer.utf8.count + size))
            #expect(record.bytes.toUpstream > UInt64(size))
        }
    }

    @Test("a chunked mebibyte arrives whole and is counted") func chunked() async throws {
        let size = 1 << 20
        let origin = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil {
                try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                for start in stride(from: 0, to: size, by: 65_536) {
                    try connection.send("10000\r\n")
                    try connection.send(Array(pattern(size)[start..<start + 65_536]))
                    try connection.send("\r\n")
                }
                try connection.send("0\r\n\r\n")
            }
        }
        let proxy = try await TestProxy.start()
        let received = try await proxy.client { client in
            let response = try client.exchange(head("GET", origin.url()))
            #expect(response.body == pattern(size) && response.complete)
            return client.received.count
        }
        #expect(try await proxy.settle()[0].bytes.toClient == UInt64(received))
    }

    @Test("64 MiB go both ways, whole, to a reader that takes little at a time") func large() async throws {
        let block = pattern(1 << 20)
        let origin = try ScriptedOrigin { connection in
            guard try connection.readHead() != nil else { return }
            for _ in 0..<64 {
                let isSame = try connection.read(1 << 20) == block
                #expect(isSame)
            }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(64 << 20)\r\n\r\n")
            for _ in 0..<64 { try connection.send(block) }
        }
        let proxy = try await TestProxy.start()
        let head = head("PUT", origin.url(), "Content-Length: \(64 << 20)")
        try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port, window: 65_536)
            try client.send(head)
            for _ in 0..<64 { try client.send(block) }
            _ = try client.readHead()
            for _ in 0..<64 {
                let isSame = try client.read(1 << 20) == block
                #expect(isSame)
            }
        }
        #expect(origin.failures.isEmpty)
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete)
        #expect(record.bytes.fromClient == UInt64(head.utf8.count + 64 << 20))
    }

    @Test("500 connections opened and closed, a server stopped and one that cannot start leave no descriptor behind")
    func descriptors() async {
        // In a process of its own: elsewhere other tests open and close theirs.
        let child = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            do {
                let origin = try ScriptedOrigin.answering(ok("x", "Connection: close"))
                // What the run-time opens once and keeps is there after a first round.
                try await descriptorStory(origin, connections: 5)
                let unused = openDescriptors()
                try await descriptorStory(origin, connections: 500)
                guard await settles(at: unused) else {
                    throw StoryFault(number: openDescriptors(), reason: Left(unused))
                }
            } catch {
                // A throw would end this process by a trap, without a word.
                let text = Array("\(error)\n".utf8)
                _ = write(STDERR_FILENO, text, text.count)
                exit(EXIT_FAILURE)
            }
        }
        if let text = child?.standardErrorContent, !text.isEmpty {
            Issue.record("\(String(decoding: text, as: UTF8.self))")
        }
    }
}

/// More descriptors than there were.
private struct Left: Error {
    let before: Int
    init(_ before: Int) { self.before = before }
}

/// Which connection of the story failed, and how.
private struct StoryFault: Error {
    let number: Int
    let reason: any Error
}

private func descriptorStory(_ origin: ScriptedOrigin, connections: Int) async throws {
    let directory = try ScratchDirectory()
    let proxy = try await TestProxy.start(lookUp: { _ in [] }) {
        $0.log.format = .json
        $0.log.file = directory.file("access.log")
    }
    _ = try await proxy.fetch(head("GET", origin.url()))
    try await onOwnThread { [port = proxy.port] in
        // What a request leaves open while its client stays: nothing but the client's own two ends.
        let before = openDescriptors()
        for number in 0..<connections {
            do { try openAndClose(number, port, origin) } catch { throw StoryFault(number: number, reason: error) }
        }
        let end = ContinuousClock.now + Patience.limit
        // Counted once a round: a descriptor that is opened for a moment after the last count is not one that was left.
        var left = openDescriptors()
        while left > before, ContinuousClock.now < end {
            // Another request is the wait.
            let client = try RawClient(port: port)
            _ = try client.exchange(head("GET", origin.url(), "Connection: close"))
            #expect(client.isClosed())
            client.close()
            left = openDescriptors()
        }
        guard left <= before else { throw PeerFault.timedOut }
    }
    try await proxy.drain()
    // Its log cannot be opened, when its listener is bound already.
    await #expect(throws: StartFault.self) {
        try await TestProxy.start {
            $0.log.format = .json
            $0.log.file = "/nowhere/access.log"
        }
    }
}

private func openAndClose(_ number: Int, _ port: UInt16, _ origin: ScriptedOrigin) throws {
    let client = try RawClient(port: port)
    switch number % 5 {
    case 0: _ = try client.exchange(head("GET", origin.url()))
    case 1: _ = try client.exchange(connect(origin.authority), method: "CONNECT")
    case 2: _ = try client.exchange(head("GET", "http://no.example/"))
    case 3: try client.send("GET http://127")
    default:
        try client.send(head("GET", origin.url()))
        client.reset()
    }
    client.close()
}

/// Threads that end give theirs back a moment later.
private func settles(at count: Int) async -> Bool {
    let end = ContinuousClock.now + Patience.limit
    while openDescriptors() > count, ContinuousClock.now < end { await Task.yield() }
    return openDescriptors() <= count
}

/// But for the timers of the run-time, which opens them when it likes.
private func openDescriptors() -> Int {
    guard let directory = opendir("/proc/self/fd") else { return -1 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        var target = [CChar](repeating: 0, count: 64)
        guard readlink("/proc/self/fd/\(name)", &target, target.count) > 0 else { continue }
        let text = String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if text != "anon_inode:[timerfd]" { count += 1 }
    }
    return count
}
