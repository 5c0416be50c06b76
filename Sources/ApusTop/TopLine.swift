import ApusReport

/// How a piece of a line looks.
enum TopStyle: String {
    case plain = "0"
    case dim = "2"
    case bold = "1"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
    /// Chosen: shown without colours too.
    case inverse = "7"
}

/// One line of the screen, never wider than its columns.
struct TopLine {
    private(set) var bytes: [UInt8] = []
    /// How many columns are left.
    private(set) var left: Int
    private let colour: Bool
    private let isChosen: Bool
    private var isClosed = false

    init(_ columns: Int, colour: Bool, chosen: Bool = false) {
        left = columns
        self.colour = colour
        isChosen = chosen
        if chosen { bytes += Array("\u{1b}[7m".utf8) }
    }

    /// Adds a text, cut where the line ends; what has power over a terminal is escaped.
    mutating func put(_ text: String, _ style: TopStyle = .plain) {
        add(TextWidth.cut(Self.harmless(text), to: left), style)
    }

    /// Adds a column of this width and a space behind it.
    mutating func put(_ text: String, width: Int, rightAligned: Bool = false, _ style: TopStyle = .plain) {
        let text = TextWidth.cut(Self.harmless(text), to: min(width, left))
        let space = String(repeating: " ", count: max(min(width, left) - TextWidth.of(text), 0))
        add(rightAligned ? space + text : text + space, style)
        if left > 0 { add(" ", .plain) }
    }

    /// Takes no more text.
    mutating func close() { isClosed = true }

    /// Fills the line with spaces and ends its style.
    mutating func finish() {
        if isChosen {
            add(String(repeating: " ", count: left), .plain)
            bytes += Array("\u{1b}[0m".utf8)
        }
    }

    private mutating func add(_ text: String, _ style: TopStyle) {
        guard !text.isEmpty, !isClosed else { return }
        left -= TextWidth.of(text)
        // A chosen row is one block: other styles would end it.
        let isStyled = style != .plain && !isChosen && (colour || style == .inverse)
        if isStyled { bytes += Array("\u{1b}[\(style.rawValue)m".utf8) }
        bytes += Array(text.utf8)
        if isStyled { bytes += Array("\u{1b}[0m".utf8) }
    }

    private static func harmless(_ text: String) -> String {
        var bytes: [UInt8] = []
        TextEscape.sentence.write(text, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
