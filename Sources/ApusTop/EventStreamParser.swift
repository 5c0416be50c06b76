/// Reads server-sent events (HTML Standard §9.2.6) as they come, cut anywhere.
package struct EventStreamParser: Sendable {
    /// One event.
    package struct Event: Sendable, Equatable {
        /// `message` unless the stream says otherwise.
        package var name: String
        /// The data, its lines joined by LF.
        package var data: [UInt8]

        /// Makes an event.
        package init(name: String, data: [UInt8]) {
            self.name = name
            self.data = data
        }
    }

    /// An event is at most this large; a larger one is passed over.
    package static let largest = 8 << 20

    private var line: [UInt8] = []
    private var name: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var isTooLarge = false
    /// Whether the last byte was CR: an LF behind it belongs to it.
    private var sawCR = false
    private var isFirstLine = true

    /// Begins before the first byte.
    package init() {}

    /// Takes what has come, and answers with the events that it completes.
    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            let wasCR = sawCR
            sawCR = byte == 0x0d
            switch byte {
            case 0x0a where wasCR: continue
            case 0x0a, 0x0d:
                if let event = endLine() { events.append(event) }
            default:
                if line.count + data.count < Self.largest { line.append(byte) } else { isTooLarge = true }
            }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer {
            line.removeAll(keepingCapacity: true)
            isFirstLine = false
        }
        if isFirstLine, line.starts(with: [0xef, 0xbb, 0xbf]) { line.removeFirst(3) }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: 0x3a) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == 0x20 { value.removeFirst() }
        // Ids and times to wait are for those who resume; a stream of figures begins anew.
        if line[..<colon].elementsEqual("event".utf8) {
            name = Array(value)
        } else if line[..<colon].elementsEqual("data".utf8) {
            if hasData { data.append(0x0a) }
            data.append(contentsOf: value)
            hasData = true
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            name = []
            data = []
            hasData = false
            isTooLarge = false
        }
        guard hasData, !isTooLarge else { return nil }
        return Event(name: name.isEmpty ? "message" : String(decoding: name, as: UTF8.self), data: data)
    }
}
