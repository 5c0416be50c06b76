import Apus

/// Lines for the person at the terminal, on standard error; coloured when it is one and `NO_COLOR` (no-color.org) is not set.
struct Notices: Sendable {
    private let isColored: Bool

    init(_ environment: [String: String]) {
        isColored =
            (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
            && HostProcess.Output.error.isTerminal
    }

    /// Why the command ends.
    func fault(_ text: String) { write("apus: ", "31;1", text) }

    /// What deserves attention and stops nothing.
    func warn(_ text: String) { write("apus: ", "33;1", text) }

    /// What to do next.
    func hint(_ text: String) { write("apus: ", "2", text) }

    /// Good news.
    func say(_ text: String) { write("apus: ", "32;1", text) }

    private func write(_ head: String, _ code: String, _ text: String) {
        HostProcess.Output.error.write(line: isColored ? "\u{1B}[\(code)m\(head)\u{1B}[0m\(text)" : head + text)
    }
}
