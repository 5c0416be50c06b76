internal import ApusWire

/// A whole request whose bytes stand in a read: offsets into it, and what its fields say. It lives as long as the read; what must outlive that
/// is kept (``BufferedRequest``), and shows the same words in the same way.
struct ParsedRequest {
    let head: RequestHead
    let target: RequestTarget
    let facts: RequestProperties

    private static let root = Array("/".utf8)
    /// Where the method of a request stands that has come by another protocol than HTTP.
    static let connectWord = Array("CONNECT".utf8)

    init(head: RequestHead, target: RequestTarget, facts: RequestProperties) {
        self.head = head
        self.target = target
        self.facts = facts
    }

    /// A request for a tunnel that has come by another protocol: its method stands in ``connectWord``.
    init(tunnelTo authority: Authority) {
        let method = ByteRange(0, ParsedRequest.connectWord.count)
        head = RequestHead(method: method, kind: .connect, target: .empty, version: .http11, end: method.count)
        target = RequestTarget(form: .authority, authority: authority, path: .empty)
        facts = .tunnel
    }

    /// Shows the words that rules are asked about.
    ///
    /// - Parameters:
    ///   - bytes: the read.
    ///   - host: its host in normal form.
    @inline(__always)
    func with<R>(
        _ bytes: Span<UInt8>,
        _ host: borrowing HostBuffer,
        _ body: (_ method: Span<UInt8>, _ host: Span<UInt8>, _ path: Span<UInt8>) -> R
    ) -> R {
        let method = bytes.extracting(head.method.range)
        let path = bytes.extracting(target.path.range)
        // A target without a path means the root (RFC 9110 §4.2.3); a tunnel has none.
        let isRoot = path.isEmpty && head.kind != .connect
        let root = ParsedRequest.root
        return host.with { body(method, $0, isRoot ? root.span : path) }
    }
}
