/// What a look-up came to.
package enum NameAnswer: Sendable, Equatable, BitwiseCopyable {
    /// The addresses in the resolver's order, at least one, not judged: each connection judges them anew.
    case addresses(AddressList)
    /// There are none.
    case failed(LookUpFailure)
}

/// What the cache knows of a name.
package enum NameLookUp: Sendable, Equatable {
    /// An answer that is fresh.
    case fresh(AddressList)
    /// A failure that is fresh.
    case failed(LookUpFailure)
    /// A look-up with this ticket is under way: `join` it.
    case pending(UInt64)
    /// Nothing that is still fresh: `join` to have it looked up.
    case absent
}

/// What a waiter has to do after `join`.
package enum NameJoin: Sendable, Equatable {
    /// Give the name to the resolver with this ticket.
    case startLookUp(UInt64)
    /// Nothing: the answer to this ticket is the waiter's too.
    case joined(UInt64)
    /// The cache is full of names being looked up; to be treated like `LookUpFailure.queueFull`.
    case full
}
