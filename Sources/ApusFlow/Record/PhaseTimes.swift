/// How long each phase of a request took, in microseconds; nil for a phase that was not reached or not needed.
///
/// Phases follow each other and do not overlap; what is missing to the total is the transfer.
public struct PhaseTimes: Sendable, Equatable {
    /// From the last byte of the head to the verdict.
    public var decide: Int64?
    /// The name look-up; nil for an address, a known name or a reused connection.
    public var lookUp: Int64?
    /// From the first attempt to the connection that stood; nil for a reused one.
    public var connect: Int64?
    /// From the request's departure to the first byte of the response.
    public var firstByte: Int64?
    /// From the first byte of the request to the end of all.
    public var total: Int64

    /// Makes times.
    public init(
        decide: Int64? = nil,
        lookUp: Int64? = nil,
        connect: Int64? = nil,
        firstByte: Int64? = nil,
        total: Int64 = 0
    ) {
        self.decide = decide
        self.lookUp = lookUp
        self.connect = connect
        self.firstByte = firstByte
        self.total = total
    }
}
