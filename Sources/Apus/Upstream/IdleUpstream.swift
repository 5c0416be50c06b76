internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// An upstream connection that no request uses: one that has done its service, or a candidate for the next.
struct IdleUpstream: BitwiseCopyable {
    let token: Token
    let origin: OriginIndex
    let address: IPAddress
    /// Whose requests it serves.
    let owner: PoolOwner
}

/// What is found where an idle connection is looked for.
enum IdleFinding: BitwiseCopyable {
    /// None: the request goes another way.
    case none
    /// One whose address is still to be judged.
    case candidate(IdleUpstream)
    /// One that serves nobody any more; who has it releases it.
    case unfit
    /// A place that names no idle connection.
    case ownFault
}

extension Token {
    /// Both halves as one number, as the pool keeps it.
    var number: UInt64 { UInt64(generation) << 32 | UInt64(index) }

    init(number: UInt64) {
        self.init(
            index: UInt32(truncatingIfNeeded: number),
            generation: UInt32(truncatingIfNeeded: number >> 32)
        )
    }
}
