/// The keys, one a line.
struct HelpLines {
    let columns: Int
    let colour: Bool

    /// Each with what it does.
    private static let keys = [
        ("1 … 7, tab", "the lists"), ("↑ ↓, j k", "move; also page up and down, home and end"),
        ("enter", "details of a request; the requests of what is frequent, or was refused"),
        ("s", "in another order"), ("/", "filter by a text: enter keeps it, esc lifts it"),
        ("p", "hold the lists still, and go on"),
        ("x", "close what is open, after a question"), ("ctrl l", "draw anew"), ("q", "quit"),
    ]

    /// The lines.
    var lines: [TopLine] {
        HelpLines.keys.map { key, what in
            var line = TopLine(columns, colour: colour)
            line.put(key, width: min(12, columns / 3), .bold)
            line.put(what)
            return line
        }
    }
}
