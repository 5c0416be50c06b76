import ApusWire

/// What `GET /` on the proxy itself shows: how to use it.
public struct HelpPage: Sendable, Equatable {
    /// The listener's address as the client reaches it, such as `127.0.0.1:3128`.
    public var listener: String
    /// Where the admin page is, as this client reaches it; nil for a client that does not, or where there is none.
    public var page: String?
    /// Whether the connection closes behind it.
    public var close: Bool
    /// Whether only the head is sent: the answer to HEAD.
    public var headOnly: Bool

    /// Makes the page.
    public init(listener: String, page: String? = nil, close: Bool = false, headOnly: Bool = false) {
        self.listener = listener
        self.page = page
        self.close = close
        self.headOnly = headOnly
    }

    /// Appends the whole response: HTML for browsers, text for all others.
    ///
    /// - Parameter secondsSince1970: now, for `Date`.
    public func append(to bytes: inout [UInt8], form: ReplyFormat, secondsSince1970: Int64) {
        var content: [UInt8] = []
        if form == .html { writeHTML(into: &content) } else { writeText(into: &content) }
        let head = AnswerHead(
            status: 200,
            contentType: form == .html ? form.mediaType : ReplyFormat.text.mediaType,
            contentLength: content.count,
            proxyStatus: ProxyStatusField(error: .proxyInternalResponse),
            fields: form == .html ? [AnswerPage.copyingPolicy] : [],
            close: close,
            secondsSince1970: secondsSince1970
        )
        head.write(into: &bytes)
        if !headOnly { bytes.append(contentsOf: content) }
    }

    private static let title = "This is an HTTP proxy"
    private static let introduction = "It is not a web site. Tell your programs to use it:"
    private static let watching = "What passes through it is shown at"
    private static let closing = "Tunnels (CONNECT) carry https; the bytes inside are not looked at."

    /// What to tell which program.
    private var recipes: [(program: String, text: String)] {
        let url = "http://\(listener)"
        let colon = listener.utf8.lastIndex(of: 0x3a) ?? listener.endIndex
        let port = listener[colon...].dropFirst()
        return [
            ("curl", "curl -x \(url) https://example.com/"),
            ("Most programs", "export http_proxy=\(url) https_proxy=\(url) no_proxy=localhost,127.0.0.1"),
            ("git", "git config --global http.proxy \(url)"),
            (
                "apt, in /etc/apt/apt.conf.d/80proxy",
                "Acquire::http::Proxy \"\(url)\";\nAcquire::https::Proxy \"\(url)\";"
            ),
            ("pip", "pip install --proxy \(url) PACKAGE"),
            ("A browser", "HTTP proxy: \(listener[..<colon])\nPort: \(port)\nUse it for https too."),
        ]
    }

    private func writeText(into bytes: inout [UInt8]) {
        bytes.write(text: "\(Self.title)\n\n\(Self.introduction)\n")
        for recipe in recipes {
            bytes.write(text: "\n\(recipe.program)\n")
            for line in recipe.text.split(separator: "\n") {
                bytes.write(text: "    ")
                TextEscape.sentence.write(String(line), into: &bytes)
                bytes.append(0x0a)
            }
        }
        bytes.write(text: "\n\(Self.closing)\n")
        guard let page else { return }
        bytes.write(text: "\(Self.watching) ")
        TextEscape.sentence.write(page, into: &bytes)
        bytes.append(0x0a)
    }

    private func writeHTML(into bytes: inout [UInt8]) {
        AnswerPage.begin(title: Self.title, into: &bytes)
        AnswerPage.paragraph(Self.introduction, into: &bytes)
        for recipe in recipes {
            AnswerPage.element("h2", recipe.program, into: &bytes)
            bytes.write(text: "<pre>")
            for (index, line) in recipe.text.split(separator: "\n").enumerated() {
                if index > 0 { bytes.append(0x0a) }
                TextEscape.html.write(String(line), into: &bytes)
            }
            bytes.write(text: "</pre>\n")
        }
        AnswerPage.paragraph(Self.closing, into: &bytes)
        if let page { AnswerPage.link(Self.watching, to: page, into: &bytes) }
        AnswerPage.copy(into: &bytes)
        AnswerPage.end(into: &bytes)
    }
}
