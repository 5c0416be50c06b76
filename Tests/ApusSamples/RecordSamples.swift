package import ApusFlow
package import ApusReport

/// A record of a request that went well, to be changed by a test.
package func sampleRecord() -> AccessRecord {
    AccessRecord(
        id: 0x0123_4567_89ab_cdef,
        startedAt: 971_186_136_123_456,
        clientAddress: "192.0.2.1",
        clientPort: 50_000,
        listener: "127.0.0.1:3128",
        method: "GET",
        scheme: "http",
        host: "example.com",
        port: 80,
        path: "/a?token=secret",
        httpVersion: "HTTP/1.1",
        status: 200,
        bytes: ByteCounts(fromClient: 120, toClient: 2326, fromUpstream: 2300, toUpstream: 140),
        times: PhaseTimes(decide: 3, lookUp: 1500, connect: 2500, firstByte: 30_000, total: 34_567),
        upstream: "198.51.100.7:80",
        reused: false
    )
}

/// A CONNECT that went well.
package func sampleTunnel() -> AccessRecord {
    var record = sampleRecord()
    record.kind = .tunnel
    record.method = "CONNECT"
    record.scheme = nil
    record.host = "2001:db8::1"
    record.port = 443
    record.path = ""
    return record
}

/// What a peer may try to put into a log or a page.
package let hostileTexts = [
    "a\nb", "a\r\n{\"status\":200}", "\"", "\\", "\\\"", "\"}\n{\"x\":\"", "\u{1b}[2J\u{1b}[31m", "\0", "\u{7f}",
    "\u{9b}31m", "\u{85}", "\u{2028}", "\u{2029}", "\u{202e}txt", "\u{feff}", "a b", "\t", "<script>alert(1)</script>",
    "' onload='x", "&lt;", "é漢🦅", String(decoding: [0xff, 0xfe, 0x22, 0x0a, 0xc0, 0x80], as: UTF8.self), "%0a", "",
]

/// Whether bytes hold a control character, C1 included, or a mark that turns text or breaks a line.
package func hasPower(_ bytes: some Collection<UInt8>) -> Bool {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.contains { scalar in
        switch scalar.value {
        case 0..<0x20, 0x7f...0x9f, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}

/// The line of a record, as text.
package func logged(_ record: AccessRecord, _ format: AccessLogFormat, redactQueries: QueryRedaction = .none) -> String
{
    var line: [UInt8] = []
    format.append(record, to: &line, redactQueries: redactQueries)
    return String(decoding: line, as: UTF8.self)
}
