import ApusWire

/// The frame of the proxy's own HTML pages: readable in light and dark, and complete without any other resource.
enum AnswerPage {
    /// Lets the page do nothing but be styled; a page shown in place of a site must not act for it.
    static let policy = FieldLine(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )

    /// The same, but for the script that copies what stands in a box: the hash of ``copying``.
    static let copyingPolicy = FieldLine(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-d9zbFOCNg9lr+X9lwQCoy1DFC5/EhCss9x2Ds9ZHTKM='; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'"
    )

    /// Puts a button in front of each box. A page without TLS may not use the clipboard by itself (it is no secure context), but for what is selected.
    static let copying =
        #"document.querySelectorAll("pre").forEach(p=>{const b=document.createElement("button");b.textContent="Copy";"#
        + "b.onclick=()=>{const r=document.createRange();r.selectNodeContents(p);const s=getSelection();s.removeAllRanges();"
        + #"s.addRange(r);b.textContent=document.execCommand("copy")?"Copied":"Selected"};p.before(b)})"#

    private static let style = """
        :root{color-scheme:light dark}
        body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:10vh auto;padding:0 1rem}
        h1{font-size:1.4rem}h2{font-size:1rem;margin:1.5rem 0 0}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;clear:both;padding:.6rem .8rem;background:#8882;border-radius:.3rem}
        button{float:right;margin:0 0 .3rem;font:inherit;font-size:.85rem}
        .n{opacity:.7;font:.85rem ui-monospace,monospace}
        """

    /// Appends all up to the headline.
    static func begin(title: String, into bytes: inout [UInt8]) {
        bytes.write(text: "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        bytes.write(text: "<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
        TextEscape.html.write(title, into: &bytes)
        bytes.write(text: "</title>\n<style>\n")
        bytes.write(text: style)
        bytes.write(text: "\n</style>\n</head>\n<body>\n<h1>")
        TextEscape.html.write(title, into: &bytes)
        bytes.write(text: "</h1>\n")
    }

    /// Appends an element that holds a text.
    static func element(_ name: String, _ text: String, into bytes: inout [UInt8]) {
        bytes.write(text: "<\(name)>")
        TextEscape.html.write(text, into: &bytes)
        bytes.write(text: "</\(name)>\n")
    }

    /// Appends a paragraph.
    static func paragraph(_ text: String, into bytes: inout [UInt8]) { element("p", text, into: &bytes) }

    /// Appends a text and a link behind it.
    static func link(_ text: String, to url: String, into bytes: inout [UInt8]) {
        bytes.write(text: "<p>")
        TextEscape.html.write(text, into: &bytes)
        bytes.write(text: " <a href=\"")
        TextEscape.html.write(url, into: &bytes)
        bytes.write(text: "\">")
        TextEscape.html.write(url, into: &bytes)
        bytes.write(text: "</a></p>\n")
    }

    /// Appends the script that copies.
    static func copy(into bytes: inout [UInt8]) { bytes.write(text: "<script>\(copying)</script>\n") }

    /// Appends the end of the page.
    static func end(into bytes: inout [UInt8]) { bytes.write(text: "</body>\n</html>\n") }
}
