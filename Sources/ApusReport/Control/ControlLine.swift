import ApusWire

/// The first line of what has come on a connection to the control socket.
package enum ControlLine: Sendable, Equatable {
    /// Its end has not come yet.
    case incomplete
    /// It has more than ``longest`` bytes.
    case tooLong
    /// So many bytes, the line feed not counted, nor a carriage return before it.
    case line(Int)

    /// How long a line may be, in bytes: many times what any request has.
    package static let longest = 4096

    /// Looks for its end.
    package static func find(_ bytes: Span<UInt8>) -> ControlLine {
        for index in 0..<min(bytes.count, longest + 1) where bytes[index] == Ascii.lf {
            return .line(index > 0 && bytes[index - 1] == Ascii.cr ? index - 1 : index)
        }
        return bytes.count > longest ? .tooLong : .incomplete
    }
}
