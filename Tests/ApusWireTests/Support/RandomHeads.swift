/// Makes heads out of pieces that are right, odd or wrong, and spoils sound ones.
struct RandomHeads {
    private var random: Seeded

    init(_ seed: UInt64) { random = Seeded(seed) }

    mutating func request() -> [UInt8] {
        var lines = ["\(pick(Self.methods)) \(pick(Self.targets)) \(often("HTTP/1.1", Self.versions))"]
        if one(in: 12) == false { lines.append(often("Host: h.example", Self.hosts)) }
        return head(lines, Self.requestFields)
    }

    mutating func response() -> [UInt8] {
        let version = often("HTTP/1.1", Self.versions)
        return head(["\(version) \(often("200 OK", Self.statuses))"], Self.responseFields)
    }

    /// A spoiled head: a few bytes replaced, left out, put in or doubled.
    mutating func spoiled(_ head: [UInt8]) -> [UInt8] {
        var bytes = head
        for _ in 0...random.next() % 3 {
            let at = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 5 {
            case 0: bytes[at] = byte()
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(byte(), at: at)
            case 3: bytes.insert(bytes[at], at: at)
            default: bytes[at] ^= 0x20
            }
        }
        return bytes
    }

    mutating func cut(of count: Int) -> Int { Int(random.next() % UInt64(count + 1)) }

    private mutating func head(_ first: [String], _ fields: [String]) -> [UInt8] {
        var lines = first
        for _ in 0..<random.next() % 7 {
            let place = 1 + Int(random.next() % UInt64(lines.count))
            lines.insert(pick(fields), at: place)
        }
        return Array(lines.joined(separator: "\r\n").utf8) + Array("\r\n\r\n".utf8)
    }

    private mutating func pick(_ pieces: [String]) -> String { pieces[Int(random.next() % UInt64(pieces.count))] }
    private mutating func one(in count: UInt64) -> Bool { random.next() % count == 0 }
    private mutating func often(_ usual: String, _ pieces: [String]) -> String { one(in: 3) ? pick(pieces) : usual }
    private mutating func byte() -> UInt8 {
        one(in: 3)
            ? UInt8(truncatingIfNeeded: random.next()) : Self.marks[Int(random.next() % UInt64(Self.marks.count))]
    }

    private static let marks = Array("\r\n\r\n \t:,;/@[]?#*%\0\u{b}\u{c}\u{7f}0aZ-_.".utf8)
    private static let methods = [
        "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", "X-FROB", "GETT",
    ]
    private static let targets = [
        "http://h.example/", "http://h.example", "http://h.example:8080/a?b=c", "HTTP://H.Example:80/%7e", "http://h?q",
        "http://[::1]/x", "http://[::1]:81", "http://127.0.0.1/", "http://127.1/", "http://0x7f000001/",
        "http://h.:80/",
        "http://u:p@h/", "http://h:0/", "http://h:65536/", "http://h:065535/", "http://h:/", "http://h#f", "http:///x",
        "https://h/", "ftp://h/", "/", "/a", "*", "h.example:443", "[::1]:443", "h:", "h", "h:443/x", "//h/",
    ]
    private static let versions = ["HTTP/1.0", "HTTP/1.1", "HTTP/1.2", "HTTP/2.0", "HTTP/1", "http/1.1", "HTTP/1.10"]
    private static let hosts = [
        "Host: h.example:8080", "host:h", "HOST: \t[::1]:80 ", "Host:", "Host: a, b", "Host: u@h", "Host: h:99999",
        "Host: 0177.1", "Host : h", "Host: h/", "Host: h%2e",
    ]
    private static let shared = [
        "Content-Length: 5", "content-length: 5", "Content-Length: 05", "Content-Length: 5, 5", "Content-Length: +5",
        "Content-Length: 0", "Content-Length: 6", "Content-Length:", "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked", "transfer-encoding:\tChunked\t", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: gzip", "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: , chunked",
        "Transfer-Encoding:", "Transfer-Encoding : chunked", "Transfer_Encoding: chunked", "Connection: close",
        "Connection: Keep-Alive", "connection: x-a ,, X-B\t,", "Connection: upgrade", "Connection: TE",
        "Connection: Content-Length", "Connection: via, x", "Connection:", "Keep-Alive: timeout=5", "X-A: 1",
        "x-a:  two words \t", "X-B:", "X-B: \u{e9}", "X-Fold: a\r\n b", "X-Bad: a\u{1}b", ": none", "No colon",
        "X-CR: a\rb", "X-LF: a\nb", "Via: 1.1 other (a, b)", "via: 1.0 apus-test", "Via: HTTP/1.1 apus-test (x), 1.1 z",
        "Upgrade: websocket", "Upgrade: h2c, websocket", "Upgrade: h2c", "upgrade: a/1, b, c, d, e", "Trailer: X-T",
        "Proxy-Connection: keep-alive", "Date: Thu, 01 Jan 1970 00:00:00 GMT", "TE: trailers",
    ]
    private static let requestFields =
        shared + [
            "TE: gzip;q=0.5, Trailers", "Max-Forwards: 0", "Max-Forwards: 7", "max-forwards: 4294967296",
            "Max-Forwards: x",
            "Expect: 100-continue", "Expect: 100-Continue, x", "Cookie: a=b", "Connection: Cookie",
            "Authorization: B x",
            "Proxy-Authorization: Basic x", "HTTP2-Settings: x", "Host: second", "Accept: text/html",
            "Upgrade: web socket",
        ]
    private static let responseFields =
        shared + [
            "Set-Cookie: a=b", "Proxy-Authenticate: Basic", "Proxy-Authentication-Info: x", "Content-Length : 5",
            "Date : now", "X-A \t: spaced", "Upgrade : websocket", "Connection : close", "Connection: date",
        ]
    private static let statuses = [
        "200", "200 ", "204 No Content", "304 Not Modified", "100 Continue", "101 Switching Protocols",
        "103 Early Hints",
        "404 Not\tFound \u{e9}", "426 Upgrade Required", "099 x", "600 x", "2000 OK", "20 OK", "abc OK", "200OK",
        " 200 OK",
    ]
}
