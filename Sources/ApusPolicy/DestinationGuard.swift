public import ApusWire

/// Judges the address that is about to be dialled, never the name: what was judged is what is dialled, so that an
/// answer of DNS that changes between two look-ups gains nothing (DNS rebinding).
public struct DestinationGuard: Sendable {
    /// Lifts loopback, RFC 1918, unique local and shared address space, nothing more (`--allow-private`).
    public var allowPrivate: Bool
    /// Blocks that are allowed whatever their class (`--allow-to`); own listeners stay refused.
    public var exceptions: [CIDR]
    /// Where Apus itself listens, the admin listener too; an unspecified address is a listener on every interface.
    public var ownListeners: [(address: IPAddress, port: UInt16)]
    /// The addresses of this machine's interfaces, which a listener on an unspecified address answers on.
    public var interfaceAddresses: [IPAddress]

    /// Makes a guard; without arguments it refuses all that is not globally reachable.
    public init(
        allowPrivate: Bool = false,
        exceptions: [CIDR] = [],
        ownListeners: [(address: IPAddress, port: UInt16)] = [],
        interfaceAddresses: [IPAddress] = []
    ) {
        self.allowPrivate = allowPrivate
        self.exceptions = exceptions
        self.ownListeners = ownListeners
        self.interfaceAddresses = interfaceAddresses
    }

    /// Why this destination may not be dialled; nil if it may.
    ///
    /// A metadata service is refused wherever its address is, a public one too, and only an exception opens it.
    ///
    /// An exception matches the address as it is dialled and its v4-mapped spelling, but not an IPv4 address inside a
    /// NAT64 or v4-compatible one: those lead elsewhere.
    ///
    /// - Parameters:
    ///   - liftsPrivate: whether the rule that allowed the request lifts what ``allowPrivate`` lifts.
    ///   - ruleExceptions: the blocks that this rule opens, whatever their class.
    public func judge(
        _ address: IPAddress,
        port: UInt16,
        lifting liftsPrivate: Bool = false,
        _ ruleExceptions: [CIDR] = []
    ) -> Refusal? {
        if isOwnListener(address, port: port) { return .ownListener }
        let addressClass = AddressClass.of(address)
        let isMetadata = MetadataService.contains(address.unwrapped)
        guard let refusal = isMetadata ? .metadata : addressClass.refusal else { return nil }
        if !isMetadata && (allowPrivate || liftsPrivate) && addressClass.isPrivate { return nil }
        for index in exceptions.indices where exceptions[index].contains(address) { return nil }
        for index in ruleExceptions.indices where ruleExceptions[index].contains(address) { return nil }
        return refusal
    }

    /// Whether one of the own listeners has this port.
    public func listens(onPort port: UInt16) -> Bool {
        for index in ownListeners.indices where ownListeners[index].port == port { return true }
        return false
    }

    /// Whether a connection to this address and port would reach one of the own listeners.
    private func isOwnListener(_ address: IPAddress, port: UInt16) -> Bool {
        for index in ownListeners.indices where ownListeners[index].port == port {
            let target = address.unwrapped
            // Linux takes 0.0.0.0 and :: for loopback when it connects.
            if target.isUnspecified { return true }
            let own = ownListeners[index].address.unmapped
            if own == target { return true }
            guard own.isUnspecified else { continue }
            if target.isLoopback { return true }
            for other in interfaceAddresses.indices where interfaceAddresses[other].unmapped == target { return true }
        }
        return false
    }
}
