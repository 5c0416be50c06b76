/// Follows the framing of one chunked body (RFC 9112 §7.1), one read at a time, and says which bytes to pass on.
///
/// It holds no bytes and may be cut anywhere. Chunk data is skipped by arithmetic; only size lines are looked at byte
/// by byte. The grammar is taken to the letter: hexadecimal digits, CRLF exact, blanks (BWS) only around the `;` and the
/// `=` of an extension. A blank between size and CRLF, which some servers once wrote, is not in the grammar and refused.
///
/// After a fault or the last chunk the decoder stays where it is: further calls answer the same and consume nothing.
public struct ChunkedDecoder: Sendable, BitwiseCopyable {
    /// What becomes of the framing.
    public enum Mode: UInt8, Sendable, BitwiseCopyable {
        /// Framing is passed on as it came, but chunk extensions are dropped (RFC 9112 §7.1.1 lets a recipient).
        case keepFraming
        /// Only the data is passed on: for a recipient that knows HTTP/1.0 only.
        case stripFraming
    }

    /// How a call ended.
    public enum Outcome: Sendable, Equatable {
        /// All of the input is consumed; the body goes on.
        case more
        /// Emit `pass`, then call again with the rest, from `consumed`.
        case again
        /// The last chunk's line is through; the trailer section begins at `consumed`.
        case trailers
        /// The framing is wrong. `pass` is empty: nothing more of this read may go out, and the message must not be
        /// completed.
        case faulty(ChunkFault)
    }

    /// The answer to one call.
    public struct Progress: Sendable, Equatable {
        /// The offset behind the last byte that is done with.
        public var consumed: Int
        /// The one run of the input to pass on; may be empty.
        public var pass: ByteRange
        /// How the call ended.
        public var outcome: Outcome

        /// Makes an answer.
        public init(consumed: Int, pass: ByteRange, outcome: Outcome) {
            self.consumed = consumed
            self.pass = pass
            self.outcome = outcome
        }
    }

    private var remaining: UInt64 = 0
    private let limits: ChunkLimits
    /// How many bytes of extensions may still come: in the message, and in this chunk.
    private var extensionsLeft: UInt32
    private var chunkExtensionsLeft: UInt16
    private var digits: UInt8 = 0
    private var phase = Phase.size
    private var fault: ChunkFault?

    /// Starts before the first byte of a chunked body.
    public init(limits: ChunkLimits = .init()) {
        self.limits = limits
        extensionsLeft = limits.extensionBytes
        chunkExtensionsLeft = limits.chunkExtensionBytes
    }

    /// Looks at `bytes[from...]` once.
    ///
    /// - Parameter mode: the same in every call for one body.
    public mutating func decode(_ bytes: Span<UInt8>, from: Int, mode: Mode) -> Progress {
        var run = Run(from: from, open: mode == .keepFraming && !phase.isExtension)
        var at = from
        while at < bytes.count {
            if phase == .data {
                if mode == .stripFraming && !run.begin(at) { return run.progress(at, .again) }
                let count = Int(min(remaining, UInt64(bytes.count - at)))
                at += count
                remaining -= UInt64(count)
                if limits.growsWithData { extensionsLeft = UInt32(clamping: Int(extensionsLeft) + count) }
                guard remaining == 0 else { break }
                phase = .dataCR
                if mode == .stripFraming { run.end(at) }
                continue
            }
            if phase.isFinal { break }
            let byte = bytes[at]
            if mode == .keepFraming {
                if phase == .size && Self.endsSize(byte) { run.end(at) }
                if phase.isExtension && byte == 0x0d && !run.begin(at) { return run.progress(at, .again) }
            }
            if let fault = step(byte) { return fail(fault, at: at) }
            at += 1
        }
        if let fault { return Progress(consumed: from, pass: ByteRange(from, from), outcome: .faulty(fault)) }
        return run.progress(at, phase == .trailers ? .trailers : .more)
    }

    /// Takes one byte of framing.
    @inline(__always)
    private mutating func step(_ byte: UInt8) -> ChunkFault? {
        switch phase {
        case .size:
            return sizeByte(byte)
        case .sizeLF:
            guard byte == 0x0a else { return .malformedLineEnd }
            phase = remaining == 0 ? .trailers : .data
        case .dataCR:
            guard byte == 0x0d else { return .malformedDataEnd }
            phase = .dataLF
        case .dataLF:
            guard byte == 0x0a else { return .malformedDataEnd }
            phase = .size
            digits = 0
            chunkExtensionsLeft = limits.chunkExtensionBytes
        case .data, .trailers, .faulty:
            break
        default:
            return extensionByte(byte)
        }
        return nil
    }

    /// Takes one byte from the start of a size line on, to the end of its digits.
    @inline(__always)
    private mutating func sizeByte(_ byte: UInt8) -> ChunkFault? {
        let value = ByteClass.hexValue(byte)
        if value < 16 {
            // Sixteen digits at most, so the shift cannot lose a bit.
            guard digits < limits.digits else { return .sizeTooLarge }
            digits += 1
            remaining = remaining << 4 | UInt64(value)
            return remaining > UInt64(Int64.max) ? .sizeTooLarge : nil
        }
        guard digits > 0 else { return .malformedSize }
        switch byte {
        case 0x0d: phase = .sizeLF
        case 0x0a: return .malformedLineEnd
        case 0x3b, 0x20, 0x09: return extensionByte(byte, in: .beforeSemicolon)
        default: return .malformedSize
        }
        return nil
    }

    private mutating func extensionByte(_ byte: UInt8) -> ChunkFault? {
        extensionByte(byte, in: phase)
    }

    private mutating func extensionByte(_ byte: UInt8, in current: Phase) -> ChunkFault? {
        guard let next = current.afterExtensionByte(byte) else {
            return byte == 0x0a ? .malformedLineEnd : .malformedExtension
        }
        phase = next
        guard next != .sizeLF else { return nil }
        guard extensionsLeft > 0, chunkExtensionsLeft > 0 else { return .extensionsTooLong }
        extensionsLeft -= 1
        chunkExtensionsLeft -= 1
        return nil
    }

    private mutating func fail(_ fault: ChunkFault, at: Int) -> Progress {
        self.fault = fault
        phase = .faulty
        return Progress(consumed: at, pass: ByteRange(at, at), outcome: .faulty(fault))
    }

    @inline(__always)
    private static func endsSize(_ byte: UInt8) -> Bool { byte == 0x3b || byte == 0x20 || byte == 0x09 }
}

/// The one run that a call of the decoder collects.
private struct Run {
    private var start: Int
    private var behind: Int
    private var isOpen: Bool

    init(from: Int, open: Bool) {
        start = from
        behind = from
        isOpen = open
    }

    /// Opens a run at an offset, unless it is open already; false when there is one that must be emitted first.
    @inline(__always)
    mutating func begin(_ at: Int) -> Bool {
        if isOpen { return true }
        guard behind == start else { return false }
        start = at
        isOpen = true
        return true
    }

    @inline(__always)
    mutating func end(_ at: Int) {
        guard isOpen else { return }
        behind = at
        isOpen = false
    }

    func progress(_ at: Int, _ outcome: ChunkedDecoder.Outcome) -> ChunkedDecoder.Progress {
        .init(consumed: at, pass: ByteRange(start, isOpen ? at : behind), outcome: outcome)
    }
}
