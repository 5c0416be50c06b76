/// Pages of help as a terminal shows them.
package struct HelpText: Sendable {
    /// Lines are at most this long; in wider terminals too, for longer ones are hard to read.
    package static let widest = 100
    /// No terminal is taken for narrower.
    static let narrowest = 40

    /// Lines are at most this long, unless a word is longer.
    let width: Int
    /// Whether titles are bold.
    let isStyled: Bool

    /// - Parameter columns: the terminal's; nil where there is none.
    package init(columns: Int? = nil, isStyled: Bool = false) {
        width = min(Self.widest, max(Self.narrowest, columns ?? 80))
        self.isStyled = isStyled
    }

    /// The page, without a line break at its end.
    package func render(_ page: HelpPage) -> String {
        var lines = Self.wrap("\(page.name) - \(Self.plain(page.summary))", width)
        if let first = lines.first { lines[0] = bold(page.name) + first.dropFirst(page.name.count) }
        for section in page.sections {
            // A title right above another one says nothing.
            var isTitled = section.title == HelpPage.description
            if case .heading = section.blocks.first { isTitled = true }
            if !isTitled { lines += ["", bold("\(section.title):")] }
            var isFirst = !isTitled
            for block in section.blocks {
                lines += render(block, isFirst: isFirst)
                isFirst = false
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Several pages, one after the other.
    package func render(_ pages: [HelpPage]) -> String {
        pages.map { render($0) }.joined(separator: "\n\n")
    }

    /// - Parameter isFirst: whether it stands right under a title.
    private func render(_ block: HelpPage.Block, isFirst: Bool) -> [String] {
        switch block {
        case .paragraph(let text):
            return (isFirst ? [] : [""]) + Self.wrap(Self.plain(text), width)
        case .heading(let title): return ["", bold("\(title):")]
        case .lines(let texts): return (isFirst ? [] : [""]) + texts.map { $0.isEmpty ? "" : "  \($0)" }
        case .entry(let left, let texts): return entry(left, texts.map(Self.plain))
        case .example(let example):
            return ["  \(example.line)"] + Self.wrap(Self.plain(example.meaning), width - 6).map { "      \($0)" }
        }
    }

    /// Where explanations begin.
    private var column: Int { min(33, max(12, width * 3 / 10)) }

    /// What is explained on the left, its explanation wrapped on the right; what is long has a line of its own.
    private func entry(_ left: String, _ texts: [String]) -> [String] {
        let wrapped = texts.flatMap { Self.wrap($0, width - column) }
        let indent = String(repeating: " ", count: column)
        let head = "  \(left)"
        guard let first = wrapped.first else { return [head] }
        let rest = wrapped.dropFirst().map { indent + $0 }
        if head.count > column - 2 { return [head, indent + first] + rest }
        return [head + String(repeating: " ", count: column - head.count) + first] + rest
    }

    private func bold(_ text: String) -> String { isStyled ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

    /// Without the marks of what is literal.
    static func plain(_ text: String) -> String { text.filter { $0 != "`" } }

    /// The words in lines of at most `width` characters; a word that is longer stays whole, and so does what stands in brackets at the
    /// end, a default, if it fits.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        for word in words(text, width) {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    private static func words(_ text: String, _ width: Int) -> [String] {
        var end = text.endIndex
        var tag: [String] = []
        if text.hasSuffix("]"), let open = text.lastIndex(of: "["), text[open...].count <= width,
            open != text.startIndex
        {
            tag = [String(text[open...])]
            end = open
        }
        return text[..<end].split(separator: " ").map(String.init) + tag
    }
}
