internal import ApusPolicy
internal import Yams

/// What a reader of YAML says of a faulty file, in words that tell what to mend.
enum SyntaxFault {
    /// The fault, where YAML stumbled; for what is never closed, where it was opened.
    static func describe(_ error: any Error, in text: DocumentText) -> FileFault {
        let file = text.file
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _):
            if hasBareBrackets(text.line(mark.line)) {
                return FileFault(place(mark, file), "an address in brackets needs quotes: \"[::1]:3128\"")
            }
            return fault(problem, context, mark, file)
        case YamlError.composer(_, let problem, let mark, _):
            let words = problem.contains("another document") ? "a second document begins here; a file has one" : problem
            return FileFault(place(mark, file), words)
        case YamlError.reader(let problem, _, _, _):
            return FileFault(SourcePosition(file: file), "this is no YAML: \(problem)")
        default:
            return FileFault(SourcePosition(file: file), "this is no YAML that can be read")
        }
    }

    private static func fault(_ problem: String, _ context: YamlError.Context?, _ mark: Mark, _ file: String)
        -> FileFault
    {
        let opened = context?.mark ?? mark
        switch problem {
        case "found unexpected end of stream":
            return FileFault(place(opened, file), "the quotes that begin here are never closed")
        case "did not find expected ',' or ']'":
            return FileFault(place(mark, file), "expected a comma or ] for the [ in line \(opened.line)")
        case "did not find expected ',' or '}'":
            return FileFault(place(mark, file), "expected a comma or } for the { in line \(opened.line)")
        case "could not find expected ':'":
            return FileFault(place(opened, file), "expected a colon and a space behind this key")
        default:
            let entry = hints.first { problem.contains($0.problem) }
            return FileFault(place(mark, file), entry?.hint ?? "this is no YAML: \(problem)")
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
        (
            "cannot start any token",
            "this character cannot begin a text: put the text in quotes, and indent by spaces, not by tabs"
        ),
        ("tab character", "indent by spaces, not by tabs"),
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
        ("nesting level", "lists and mappings are nested too deep"),
        ("undefined tag handle", "tags such as !!int are not needed here; leave it out"),
    ]

    private static func place(_ mark: Mark, _ file: String) -> SourcePosition {
        SourcePosition(file: file, line: mark.line, column: mark.column)
    }
}
