internal import ApusReport
internal import ApusWire

/// What of the heads of a request its record shows: which program asked, from which page, what came.
struct LoggedHeads {
    private(set) var userAgent: String?
    private(set) var referer: String?
    private(set) var contentType: String?
    /// What a client of SOCKS 4 says of its user.
    private(set) var claimedUser: String?

    /// Reads it from the heads, as far as they are recorded still.
    mutating func read(_ notes: StreamInfo, _ ring: borrowing ByteRing) {
        let asked = ring.with(notes.requestHead) { head in
            (LoggedField.userAgent.text(in: head), LoggedField.referer.text(in: head))
        }
        (userAgent, referer) = asked ?? (nil, nil)
        if notes.spoken.word != nil {
            claimedUser = ring.with(notes.requestHead) { LoggedField.claimedUser.text(in: $0) } ?? nil
        }
        contentType = ring.with(notes.responseHead) { LoggedField.contentType.text(in: $0) } ?? nil
    }
}
