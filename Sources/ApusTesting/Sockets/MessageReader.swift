internal import Synchronization

/// Reads HTTP/1.1 messages from a socket, plainly: heads as lines, bodies by their framing. What was read beyond a
/// message is kept for the next one.
///
/// It is deliberately no parser of the product's own, so that both cannot be wrong in the same way.
final class MessageReader: Sendable {
    /// How a body ends.
    enum Framing: Equatable {
        case none, length(Int), chunked, untilClose
    }

    /// A body, and whether its end was seen.
    struct Body {
        var bytes: [UInt8] = []
        var trailers: [String] = []
        var isComplete = false
        var wasReset = false
    }

    private struct Bytes {
        var all: [UInt8] = []
        var consumed = 0
    }

    let socket: BlockingSocket
    private let bytes = Mutex(Bytes())

    init(_ socket: BlockingSocket) { self.socket = socket }

    /// Every byte that has been read.
    var received: [UInt8] { bytes.withLock { $0.all } }

    /// What has been read and not yet taken.
    private var rest: ArraySlice<UInt8> { bytes.withLock { $0.all[$0.consumed...] } }

    private func take(_ count: Int) -> [UInt8] {
        bytes.withLock { bytes in
            let taken = Array(bytes.all[bytes.consumed..<bytes.consumed + count])
            bytes.consumed += count
            return taken
        }
    }

    /// Reads once; false at the end.
    private func fill() throws(PeerFault) -> Bool {
        let more = try socket.receive(65_536)
        bytes.withLock { $0.all += more }
        return !more.isEmpty
    }

    /// The lines of the next head, without the empty one; nil when the other side has closed before its first byte.
    func head() throws(PeerFault) -> [String]? {
        var lines: [String] = []
        while let line = try line() {
            if line.isEmpty {
                if lines.isEmpty { continue }
                return lines
            }
            lines.append(line)
        }
        if lines.isEmpty, rest.isEmpty { return nil }
        throw .closed
    }

    /// The next line without its CRLF; nil when the other side closes before it ends.
    private func line() throws(PeerFault) -> String? {
        var searched = 0
        while true {
            let rest = rest
            if let end = rest.dropFirst(searched).firstIndex(of: 0x0a) {
                let taken = take(end - rest.startIndex + 1)
                guard taken.count >= 2, taken[taken.count - 2] == 0x0d else { throw .malformed("a bare LF") }
                return String(decoding: taken.dropLast(2), as: UTF8.self)
            }
            searched = rest.count
            guard try fill() else { return nil }
        }
    }

    /// Exactly so many bytes.
    func exactly(_ count: Int) throws(PeerFault) -> [UInt8] {
        while rest.count < count {
            guard try fill() else { throw .closed }
        }
        return take(count)
    }

    /// At least one byte, at most so many; empty at the end.
    func some(_ count: Int) throws(PeerFault) -> [UInt8] {
        if rest.isEmpty, try !fill() { return [] }
        return take(min(count, rest.count))
    }

    /// All until the other side closes; what came so far when it resets.
    func toEnd() throws(PeerFault) -> Body {
        var body = Body()
        do throws(PeerFault) {
            while try fill() {}
            body.isComplete = true
        } catch {
            guard error == .reset else { throw error }
            body.wasReset = true
        }
        body.bytes = take(rest.count)
        return body
    }

    /// The body; what came of it when the other side closes or resets too early.
    func body(_ framing: Framing) throws(PeerFault) -> Body {
        var body = Body()
        do throws(PeerFault) {
            switch framing {
            case .none: break
            case .length(let count):
                while body.bytes.count < count {
                    let more = try some(count - body.bytes.count)
                    if more.isEmpty { throw .closed }
                    body.bytes += more
                }
            case .chunked: try chunks(&body)
            case .untilClose: return try toEnd()
            }
            body.isComplete = true
        } catch {
            guard error == .closed || error == .reset else { throw error }
            body.wasReset = error == .reset
        }
        return body
    }

    private func chunks(_ body: inout Body) throws(PeerFault) {
        while true {
            guard let line = try line() else { throw .closed }
            let digits = line.prefix { $0 != ";" }
            guard let size = Int(digits, radix: 16), size >= 0 else { throw .malformed("the chunk size \(line)") }
            if size == 0 { break }
            var left = size
            while left > 0 {
                let more = try some(left)
                if more.isEmpty { throw .closed }
                body.bytes += more
                left -= more.count
            }
            guard try exactly(2) == [0x0d, 0x0a] else { throw .malformed("no CRLF behind a chunk") }
        }
        while true {
            guard let line = try line() else { throw .closed }
            if line.isEmpty { return }
            body.trailers.append(line)
        }
    }
}

/// The field lines of a head, as they came.
struct FieldLines {
    let all: [(name: String, value: String)]

    init(_ lines: some Sequence<String>) {
        all = lines.map { line in
            let name = line.prefix { $0 != ":" }
            return (String(name), FieldLines.trimmed(line.dropFirst(name.count + 1)))
        }
    }

    func values(_ name: String) -> [String] {
        all.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// By RFC 9112 §6.3, as far as the fields say it.
    var framing: MessageReader.Framing? {
        if values("Transfer-Encoding").contains(where: { $0.lowercased().hasSuffix("chunked") }) { return .chunked }
        if let length = values("Content-Length").first, let count = Int(length), count >= 0 { return .length(count) }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return String(text)
    }
}
