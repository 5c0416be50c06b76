import ApusWire

/// The head of an answer that the proxy makes itself.
struct AnswerHead {
    var status: UInt16
    /// What stands in place of the status's own reason phrase.
    var phrase: String?
    var contentType: StaticString?
    var contentLength: Int
    var proxyStatus: ProxyStatusField?
    var fields: [FieldLine] = []
    var close: Bool
    /// Unix seconds, for `Date`.
    var secondsSince1970: Int64

    /// Appends status line, fields and the empty line. No `Server`: what runs here is nobody's business.
    func write(into bytes: inout [UInt8]) {
        bytes.write(text: "HTTP/1.1 ")
        bytes.write(Int(status), digits: 3)
        bytes.append(0x20)
        if let phrase { bytes.append(contentsOf: phrase.utf8) } else { bytes.write(text: ReasonPhrase.of(status)) }
        bytes.write(text: "\r\nDate: ")
        HTTPDate.write(secondsSince1970: secondsSince1970, into: &bytes)
        if let contentType {
            bytes.write(text: "\r\nContent-Type: ")
            bytes.write(text: contentType)
        }
        bytes.write(text: "\r\nContent-Length: ")
        bytes.write(decimal: contentLength)
        bytes.write(text: "\r\nCache-Control: no-store\r\n")
        if contentType != nil { bytes.write(text: "X-Content-Type-Options: nosniff\r\n") }
        if let proxyStatus {
            bytes.write(text: "Proxy-Status: ")
            proxyStatus.write(into: &bytes)
            bytes.write(text: "\r\n")
        }
        for field in fields { field.write(into: &bytes) }
        bytes.write(text: close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n")
    }
}
