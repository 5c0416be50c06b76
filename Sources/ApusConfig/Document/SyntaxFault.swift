internal import ApusPolicy

/// What libyaml says of a faulty file, in words that tell what to mend.
enum SyntaxFault {
    /// The fault, where YAML stumbled; for what is never closed, where it was opened.
    static func describe(_ fault: YamlFault, in text: DocumentText) -> FileFault {
        let file = text.file
        switch fault.kind {
        case .unparsable:
            if let fault = markedWord(fault, in: text) { return fault }
            if fault.problem.contains("cannot start any token") { return faultyStart(fault, in: text) }
            if hasBareBrackets(text.line(fault.line)) {
                return FileFault(place(fault, file), "an address in brackets needs quotes: \"[::1]:3128\"")
            }
            return describe(fault, file)
        case .tooDeep:
            return FileFault(
                place(fault, file),
                "lists and mappings are nested too deep; \(YamlEvents.deepest) levels are the most"
            )
        case .secondDocument:
            return FileFault(place(fault, file), "a second document begins here; a file has one")
        case .unreadable:
            return FileFault(SourcePosition(file: file), "this is no YAML: \(fault.problem)")
        case .noMemory:
            return FileFault(SourcePosition(file: file), "there is no memory left to read the file")
        }
    }

    /// A text in front of which YAML reads `*` or `&` as a mark, though no name is behind it: most often a pattern without quotes.
    private static func markedWord(_ fault: YamlFault, in text: DocumentText) -> FileFault? {
        guard fault.problem.hasPrefix("did not find expected alphabetic"), let opened = fault.opened else { return nil }
        let rest = text.line(opened.line).unicodeScalars.dropFirst(opened.column - 1)
        let end =
            rest.firstIndex { $0.properties.isWhitespace || ",[]{}\"".unicodeScalars.contains($0) } ?? rest.endIndex
        var word = rest[..<end]
        if word.last == ":" { word.removeLast() }
        guard let mark = word.first, mark == "*" || mark == "&" else { return nil }
        return FileFault(
            SourcePosition(file: text.file, line: opened.line, column: opened.column),
            "YAML takes a \(mark) in front for a reference; put it in quotes: \"\(String(word))\""
        )
    }

    /// A tab, or one of the characters that YAML keeps for itself.
    private static func faultyStart(_ fault: YamlFault, in text: DocumentText) -> FileFault {
        let mark = text.line(fault.line).unicodeScalars.dropFirst(fault.column - 1).first
        if mark == "\t" { return FileFault(place(fault, text.file), "this is a tab: indent by spaces") }
        let character = mark.map { "\($0)" } ?? "this character"
        return FileFault(place(fault, text.file), "\(character) cannot begin a text: put the text in quotes")
    }

    private static func describe(_ fault: YamlFault, _ file: String) -> FileFault {
        let mark = place(fault, file)
        let opened = fault.opened.map { SourcePosition(file: file, line: $0.line, column: $0.column) } ?? mark
        switch fault.problem {
        case "found unexpected end of stream":
            return FileFault(opened, "the quotes that begin here are never closed")
        case "did not find expected ',' or ']'":
            return FileFault(mark, "expected a comma or ] for the [ in line \(opened.line)")
        case "did not find expected ',' or '}'":
            return FileFault(mark, "expected a comma or } for the { in line \(opened.line)")
        case "could not find expected ':'":
            return FileFault(opened, "expected a colon and a space behind this key")
        default:
            let entry = hints.first { fault.problem.contains($0.problem) }
            return FileFault(mark, entry?.hint ?? "this is no YAML: \(fault.problem)")
        }
    }

    /// Whether it has the like of `[::1]:3128` where YAML reads a list: only there is `]:` followed by a digit.
    private static func hasBareBrackets(_ line: String) -> Bool {
        guard let end = line.firstRange(of: "]:"), line[end.upperBound...].first?.isNumber == true,
            let start = line[..<end.lowerBound].lastIndex(of: "[")
        else { return false }
        let before = line[..<start].last
        return before != "\"" && before != "'"
    }

    private static let hints: [(problem: String, hint: String)] = [
        (
            "mapping values are not allowed",
            "a second colon in one line: put the text in quotes, or begin a new line with more indentation"
        ),
        ("tab character", "this is a tab: indent by spaces"),
        (
            "did not find expected key",
            "expected a key here: its indentation fits no line above, or a text in quotes goes on behind them"
        ),
        (
            "did not find expected '-'",
            "expected an item of the list, - and a space, with the indentation of those above"
        ),
        ("block sequence entries are not allowed", "a list cannot begin here: put its first - on a new line"),
        ("mapping keys are not allowed", "a key cannot begin here"),
        ("expected <document start>", "a text cannot go on here: its indentation is that of no line above"),
        ("unknown escape character", "this is no escape that YAML knows: write \\\\, or use single quotes"),
        (
            "expected node content",
            "expected a value here: a text that begins with a colon or a comma needs quotes, as \"::1\""
        ),
        ("undefined tag handle", "tags such as !!int are not needed here; leave it out"),
    ]

    private static func place(_ fault: YamlFault, _ file: String) -> SourcePosition {
        SourcePosition(file: file, line: fault.line, column: fault.column)
    }
}
