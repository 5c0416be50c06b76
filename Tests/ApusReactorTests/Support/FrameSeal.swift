import ApusReactor

/// A seal that hides nothing: it puts bytes into frames with a length and a number, and changes each of them. Its handshake has three
/// flights: hello, answer, done.
///
/// A frame: its kind, its number, how many bytes follow (two bytes), the bytes, each changed by a key of its own that is never 0.
final class FrameSeal: Seal {
    enum Kind: UInt8 {
        case hello = 0xC1
        case answer, done, data, notice, alert
    }

    /// The most that a frame carries.
    static let longest = 16 << 10
    static let head = 4

    private let speaksFirst: Bool
    private var state = SealProgress.State.opening
    private var hasSpoken = false
    private var partial: [UInt8] = []
    private var sent: UInt8 = 0
    private var seen: UInt8 = 0
    private var keyOut: UInt8 = 0
    private var keyIn: UInt8 = 0
    /// How often it was opened.
    private(set) var opened = 0
    /// How often something was sealed.
    private(set) var sealings = 0
    /// Each opened frame of data is answered by an empty one, as some are by TLS.
    var answersData = false

    init(speaksFirst: Bool) { self.speaksFirst = speaksFirst }

    func open(_ sealed: Span<UInt8>, into clear: inout MutableSpan<UInt8>, reply: inout MutableSpan<UInt8>)
        -> SealProgress
    {
        opened += 1
        for place in sealed.indices { partial.append(sealed[place]) }
        var progress = SealProgress(clear: 0, reply: 0, state: state)
        if speaksFirst, !hasSpoken { write(.hello, [], into: &reply, &progress.reply) }
        hasSpoken = true
        var start = 0
        while partial.count - start >= FrameSeal.head, progress.state != .finished, progress.state != .broken {
            let count = Int(partial[start + 2]) << 8 | Int(partial[start + 3])
            guard let kind = Kind(rawValue: partial[start]), partial[start + 1] == seen, count <= FrameSeal.longest
            else {
                progress.state = .broken
                break
            }
            if partial.count - start < FrameSeal.head + count { break }
            seen &+= 1
            switch (kind, progress.state) {
            case (.hello, .opening) where !speaksFirst: write(.answer, [], into: &reply, &progress.reply)
            case (.answer, .opening) where speaksFirst:
                write(.done, [], into: &reply, &progress.reply)
                progress.state = .open
            case (.done, .opening) where !speaksFirst: progress.state = .open
            case (.data, .open):
                for place in start + FrameSeal.head..<start + FrameSeal.head + count {
                    clear[progress.clear] = partial[place] ^ FrameSeal.next(&keyIn)
                    progress.clear += 1
                }
                if answersData, count > 0 { write(.data, [], into: &reply, &progress.reply) }
            case (.notice, .open): progress.state = .finished
            default: progress.state = .broken
            }
            start += FrameSeal.head + count
        }
        partial.removeFirst(start)
        if progress.state == .broken { write(.alert, [], into: &reply, &progress.reply) }
        state = progress.state
        return progress
    }

    func seal(_ first: Span<UInt8>, _ second: Span<UInt8>, into sealed: inout MutableSpan<UInt8>) -> Int {
        sealings += 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(first.count + second.count)
        for place in first.indices { bytes.append(first[place]) }
        for place in second.indices { bytes.append(second[place]) }
        var written = 0
        for start in stride(from: 0, to: bytes.count, by: FrameSeal.longest) {
            write(.data, bytes[start..<min(start + FrameSeal.longest, bytes.count)], into: &sealed, &written)
        }
        return written
    }

    /// A frame of data without any.
    func empty(into sealed: inout MutableSpan<UInt8>) -> Int {
        var written = 0
        write(.data, [], into: &sealed, &written)
        return written
    }

    func finish(into sealed: inout MutableSpan<UInt8>) -> Int {
        var written = 0
        write(.notice, [], into: &sealed, &written)
        return written
    }

    private func write(_ kind: Kind, _ bytes: ArraySlice<UInt8>, into span: inout MutableSpan<UInt8>, _ end: inout Int)
    {
        for byte in [kind.rawValue, sent, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] {
            span[end] = byte
            end += 1
        }
        sent &+= 1
        for byte in bytes {
            span[end] = byte ^ FrameSeal.next(&keyOut)
            end += 1
        }
    }

    private static func next(_ key: inout UInt8) -> UInt8 {
        key &+= 1
        return key | 0x80
    }

    var isOpen: Bool { state == .open || state == .finished }
}
