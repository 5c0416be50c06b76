package import ApusPolicy
package import ApusWire

/// Of a host's addresses those that are dialled for a request: the first that may be, whose decision the request adopts, and those
/// that it serves alike.
///
/// Which rule decides may depend on the address, and a rule gives what it gives (an opened guard, changes to fields, limits, the
/// check of a tunnel's name) for the addresses that it decided about, and for no other. Which one answers first is chance, so that
/// all that are dialled have to be worth the same.
package struct AddressChoice: Sendable, BitwiseCopyable {
    /// Those that are dialled, in order.
    package private(set) var addresses = AddressList()
    /// What is told where none is: the first that was refused, and why.
    package private(set) var refused: AddressVerdict?
    /// Which one that was.
    package private(set) var refusedAddress: IPAddress?
    /// Whether one of them is a listener of this proxy, by its address or as the connection to it told.
    package var leadsHere = false
    private var decisions = InlineArray<8, Decision>(repeating: Decision(.deny))

    /// Nothing was judged yet.
    package init() {}

    /// What the rules said of the first that is dialled, which is the request's; nil while there is none.
    package var decision: Decision? { addresses.isEmpty ? nil : decisions[0] }

    /// What the rules said of an address that is dialled; nil for one that is not.
    package func decision(for address: IPAddress) -> Decision? {
        for position in 0..<addresses.count where addresses[position] == address { return decisions[position] }
        return nil
    }

    /// One that is dialled.
    package mutating func admit(_ address: IPAddress, _ decision: Decision) {
        let position = addresses.count
        if addresses.append(address) { decisions[position] = decision }
    }

    /// One that is not.
    package mutating func refuse(_ address: IPAddress, _ verdict: AddressVerdict) {
        if verdict.refusal == .ownListener { leadsHere = true }
        guard refused == nil else { return }
        refused = verdict
        refusedAddress = address
    }
}
