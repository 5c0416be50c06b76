import ApusFlow

/// The timings of an HTTP Archive's entry, in microseconds; -1 for what was not needed.
struct ArchiveTimings {
    let blocked, dns, connect, wait, receive: Int64

    /// What the phases leave over of the total is the transfer, in both directions.
    init(_ times: PhaseTimes) {
        blocked = Self.known(times.decide)
        dns = Self.known(times.lookUp)
        connect = Self.known(times.connect)
        wait = max(times.firstByte ?? 0, 0)
        receive = max(times.total - [blocked, dns, connect, wait].filter { $0 > 0 }.reduce(0, +), 0)
    }

    /// All that is not negative, as the specification wants `time` to be.
    var sum: Int64 { [blocked, dns, connect, wait, receive].filter { $0 > 0 }.reduce(0, +) }

    func write(to json: inout JSONWriter) {
        optional("blocked", blocked, to: &json)
        optional("dns", dns, to: &json)
        optional("connect", connect, to: &json)
        json.number("ssl", -1)
        json.number("send", 0)
        json.milliseconds("wait", wait)
        json.milliseconds("receive", receive)
    }

    private func optional(_ name: StaticString, _ value: Int64, to json: inout JSONWriter) {
        if value < 0 { json.number(name, -1) } else { json.milliseconds(name, value) }
    }

    private static func known(_ value: Int64?) -> Int64 { value.map { max($0, 0) } ?? -1 }
}
