internal import ApusFlow
internal import ApusWire

/// Where a body is recorded, as far as it is.
struct BodyRun: BitwiseCopyable {
    /// The last run of its chain.
    var last = RecordedRun.none
    /// How many bytes of it are recorded.
    var recorded: UInt32 = 0
    /// How many it has in all.
    var total: UInt64 = 0
}

/// The two bodies of a request that is over.
struct CompletedBodies: BitwiseCopyable {
    var request = BodyRun()
    var response = BodyRun()

    init(request: BodyRun, response: BodyRun) {
        self.request = request
        self.response = response
    }

    /// Reads what ``places`` wrote; nil from anything else.
    init?(places: ArraySlice<UInt8>) {
        guard places.count == 48 else { return nil }
        let numbers = (0..<6).map { number in
            places.dropFirst(8 * number).prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        request = BodyRun(last: RecordedRun(raw: numbers[0]), recorded: UInt32(clamping: numbers[1]), total: numbers[2])
        response = BodyRun(
            last: RecordedRun(raw: numbers[3]),
            recorded: UInt32(clamping: numbers[4]),
            total: numbers[5]
        )
    }

    /// All of it in 48 bytes, for the ring.
    var places: [UInt8] {
        [request, response].flatMap { [$0.last.raw, UInt64($0.recorded), $0.total] }
            .flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) } }
    }
}

/// A body on its way.
struct OpenBody: BitwiseCopyable {
    var run = BodyRun()
    /// Its framing, where it has any.
    var decoder: ChunkedDecoder?
    /// What had been counted of its side before it; nil where all of it is shown, and counted as it is.
    var base: UInt64?

    /// It is over.
    ///
    /// - Parameter counted: what has been counted of its side.
    func finished(_ counted: UInt64) -> BodyRun {
        var finished = run
        if let base { finished.total = counted &- min(base, counted) }
        // What was recorded may still have waited for the other side when all ended.
        finished.total = max(finished.total, UInt64(run.recorded))
        return finished
    }
}

/// The bodies of a request that runs, while bodies are recorded.
struct OpenBodies: BitwiseCopyable {
    var up = OpenBody()
    var down = OpenBody()

    /// None are recorded of this request.
    static let none = UInt32.max

    subscript(way: Way) -> OpenBody {
        get { way == .up ? up : down }
        set { if way == .up { up = newValue } else { down = newValue } }
    }
}
