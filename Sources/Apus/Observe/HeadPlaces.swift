internal import ApusReport
internal import ApusWire

/// Where in the recorded heads of a request stands what its line shows; empty where there is nothing, or it is recorded no more.
struct HeadPlaces {
    let userAgent: Range<Int>
    let referer: Range<Int>
    let contentType: Range<Int>

    /// Nil where a line in JSON cannot have it as it stands there: it is too long, is to be escaped, or holds what is not shown.
    init?(_ notes: StreamInfo, _ heads: borrowing Recorder, _ redaction: QueryRedaction) {
        let none = 0..<0
        let asked: (agent: Range<Int>, referer: Range<Int>)? =
            heads.withHead(notes.requestHead) { head in
                guard let agent = LoggedField.userAgent.plain(in: head),
                    let referer = LoggedField.referer.plain(in: head),
                    !LoggedField.isHidden(head, referer, redaction)
                else { return nil }
                return (agent, referer)
            } ?? (none, none)
        let came = heads.withHead(notes.responseHead) { LoggedField.contentType.plain(in: $0) } ?? none
        guard let asked, let came else { return nil }
        (userAgent, referer, contentType) = (asked.agent, asked.referer, came)
    }
}
