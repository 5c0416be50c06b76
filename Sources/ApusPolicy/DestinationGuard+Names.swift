public import ApusWire

/// The guard by name: for a name that goes to a parent, which looks it up where nobody here sees what it leads to.
///
/// It refuses what can only lead inwards, before anybody is asked about the name: this machine, a network's own names, a cloud's metadata
/// service. It is no guard against a name that somebody has made for this: see the threat model.
extension DestinationGuard {
    /// Why a name may not go to a parent; nil if it may.
    ///
    /// - Parameters:
    ///   - name: in any case, with or without a trailing dot; no address.
    ///   - liftsPrivate: whether the rule that allowed the request lifts what ``allowPrivate`` lifts: `localhost` and names of one label.
    ///   - ruleExceptions: the blocks that this rule opens. As with ``exceptions`` the loopback ones open `localhost`, those of a metadata
    ///     service its names, and a block of all addresses a name of one label, of which no other block is known to hold it.
    public func judge(name: Span<UInt8>, lifting liftsPrivate: Bool = false, _ ruleExceptions: [CIDR] = []) -> Refusal?
    {
        let whole = HostName.withoutTrailingDot(name, 0..<name.count)
        if SpecialName.of(name, 0..<name.count) == .localhost {
            if allowPrivate || liftsPrivate { return nil }
            return opens(SpecialName.loopbackAddresses, ruleExceptions) ? nil : .loopback
        }
        // A name of one label may be one of them as well, and is more than that.
        if MetadataService.isName(name, whole) {
            return opens(MetadataService.nameAddresses, ruleExceptions) ? nil : .metadata
        }
        for index in whole where name[index] == Ascii.dot { return nil }
        if allowPrivate || liftsPrivate { return nil }
        let isOpen = exceptions.contains(where: \.isEverything) || ruleExceptions.contains(where: \.isEverything)
        return isOpen ? nil : .singleLabelName
    }

    /// Whether an exception holds one of some addresses.
    private func opens(_ addresses: [IPAddress], _ ruleExceptions: [CIDR]) -> Bool {
        for address in addresses {
            for index in exceptions.indices where exceptions[index].contains(address) { return true }
            for index in ruleExceptions.indices where ruleExceptions[index].contains(address) { return true }
        }
        return false
    }
}
