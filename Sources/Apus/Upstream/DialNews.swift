internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// What an event of a dial has brought about.
struct DialNews {
    enum Outcome {
        /// Nothing is decided yet.
        case pending
        /// A connection stands; the dial is over.
        case connected(DialledConnection)
        /// Nobody could be reached; the dial is over.
        case failed(Fault)
        /// An attempt finds no descriptor: who can makes room, and then tells ``Upstreams/goOn(_:hasRoom:_:)``.
        case crowded(CrowdedDial)
    }

    /// Who waits for it.
    let wait: WaitID
    var outcome = Outcome.pending
    /// The address that was tried last; nil where none was.
    var tried: IPAddress?
    /// Whether an attempt has begun.
    var hasBegun = false

    /// Whether the dial is over: its place is another's from now.
    var isOver: Bool {
        switch outcome {
        case .pending, .crowded: false
        case .connected, .failed: true
        }
    }

    init(_ wait: WaitID, tried: IPAddress? = nil) {
        self.wait = wait
        self.tried = tried
    }
}

/// A dial whose next attempt has found no descriptor.
struct CrowdedDial {
    /// Its place.
    let dial: UInt32
    /// What it wanted to do.
    let step: DialStep
    let attempt: UInt8
    let address: IPAddress
    /// Why it could not.
    let reason: DialFailure

    init(_ dial: UInt32, _ step: DialStep, _ start: DialStep.Start, _ error: SocketError) {
        self.dial = dial
        self.step = step
        attempt = start.attempt
        address = start.address
        reason = DialFailure(error)
    }
}
