import ApusFlow
import ApusWire

// One keep-alive request after the other through everything that is pure: parser, facts, rewriter, session and exchange, both
// ways. `scripts/thresholds` counts what a thousand of them cost.

/// The pieces that a thread owns.
struct PurePath: ~Copyable {
    var fields = FieldTable()
    var session = Session()
    let text = HeadText(pseudonym: Array("apus-01234567".utf8))
    let limits = HeadLimits()

    mutating func serve(_ request: Span<UInt8>, _ response: Span<UInt8>, _ scratch: inout MutableSpan<UInt8>) -> Int {
        guard case .complete(let head) = RequestParser.parse(request, limits: limits, fields: &fields) else {
            return -1
        }
        var written = 0
        guard session.headEnded() == .none else { return -9 }
        var exchange = session.newExchange()
        do throws(RequestFault) {
            let target = try RequestTarget.parse(request, head)
            let facts = try RequestProperties.judge(request, head, target, fields, pseudonym: [])
            guard exchange.requested(facts).upstream == .reach else { return -2 }
            let count = RequestRewriter.write(request, head, target, facts, fields, text: text, into: &scratch)
            written += count ?? 0
        } catch { return -3 }
        guard exchange.reached(reused: true).upstream == .sendHead else { return -4 }
        guard case .complete(let answer) = ResponseParser.parse(response, limits: .response, fields: &fields) else {
            return -5
        }
        do throws(ResponseFault) {
            let facts = try ResponseProperties.judge(
                response,
                answer,
                fields,
                method: exchange.method,
                upgrade: exchange.upgrade
            )
            guard exchange.responded(facts).client == .forwardHead else { return -6 }
            let manner = ResponseRewriter.Manner(closes: exchange.closesClient, stripsCoding: exchange.stripsCoding)
            let count = ResponseRewriter.write(
                response,
                answer,
                facts,
                fields,
                manner: manner,
                text: text,
                into: &scratch
            )
            written += count ?? 0
        } catch { return -7 }
        guard let leaves = exchange.responseBodyEnded().leaves else { return -8 }
        guard session.exchangeOver(leaves).client == .next else { return -10 }
        return written
    }
}

let curl = "User-Agent: curl/8.5.0\r\nAccept: */*\r\nProxy-Connection: Keep-Alive\r\n"
let browser = """
    User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r
    Accept-Language: en-GB,en;q=0.5\r
    Accept-Encoding: gzip, deflate\r
    Referer: http://www.example.org/some/page/which/links/here.html\r
    Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; consent=all-of-it; ab=17\r
    DNT: 1\r
    Upgrade-Insecure-Requests: 1\r
    Sec-Fetch-Dest: document\r
    Sec-Fetch-Mode: navigate\r
    Sec-Fetch-Site: cross-site\r
    Priority: u=0, i\r\n
    """
let arguments = CommandLine.arguments
let fields = arguments.count > 2 && arguments[2] == "browser" ? browser : curl
let rounds = arguments.count > 1 ? Int(arguments[1]) ?? 0 : 1
let request = Array("GET http://www.example.org/a/path?q=1 HTTP/1.1\r\nHost: www.example.org\r\n\(fields)\r\n".utf8)
let response = Array(
    """
    HTTP/1.1 200 OK\r
    Server: example\r
    Date: Thu, 01 Jan 2026 00:00:00 GMT\r
    Content-Type: text/plain\r
    Content-Length: 1024\r
    Connection: keep-alive\r
    \r\n
    """.utf8
)
var scratch = [UInt8](repeating: 0, count: 64 << 10)
var path = PurePath()
var written = 0
for _ in 0..<rounds {
    var span = scratch.mutableSpan
    let count = path.serve(request.span, response.span, &span)
    if count <= 0 { print("failed at step", -count) }
    written += count
}
print("\(rounds) requests, \(written) bytes written")
