/// What a thread counts of clients, users and hosts until it hands it over.
package struct TopTally: Sendable {
    /// By address.
    package var clients: NameTally
    /// By name.
    package var users: NameTally
    /// By name, normalised.
    package var hosts: NameTally

    /// Empty.
    ///
    /// - Parameter seed: of the hashes.
    package init(seed: UInt64) {
        clients = NameTally(seed: seed)
        users = clients
        hosts = clients
    }

    /// Whether another name may find no place.
    package var isFull: Bool {
        hosts.count >= NameTally.most || clients.count >= NameTally.most || users.count >= NameTally.most
    }

    /// Whether nothing is counted.
    package var isEmpty: Bool { clients.count == 0 }
}
