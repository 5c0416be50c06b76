/// Where something stands in a file of settings, so that every message about it can name the place.
public struct SourcePosition: Sendable, Hashable {
    /// The file as it was named; empty for what was made in code.
    public var file: String
    /// The line, from 1; 0 if there is none.
    public var line: Int
    /// The column, from 1.
    public var column: Int

    /// Makes a position.
    public init(file: String = "", line: Int = 0, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePosition: CustomStringConvertible {
    /// `apus.yaml:12:5`, as compilers write it; `rule in code` where there is no line.
    public var description: String {
        line == 0 ? (file.isEmpty ? "rule in code" : file) : "\(file):\(line):\(column)"
    }
}
