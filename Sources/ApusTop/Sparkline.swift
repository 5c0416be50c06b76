/// Values as a row of eight heights.
enum Sparkline {
    private static let marks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The newest values, as many as there are columns; the largest of those shown is the full height, 0 a space.
    static func text(_ values: [Double], columns: Int) -> String {
        guard columns > 0 else { return "" }
        let shown = values.suffix(columns).map { $0.isFinite ? max($0, 0) : 0 }
        let most = shown.max() ?? 0
        let bars = shown.map { value -> Character in
            guard value > 0, most > 0 else { return " " }
            return marks[min(Int(value / most * 8), 7)]
        }
        return String(repeating: " ", count: columns - shown.count) + String(bars)
    }
}
