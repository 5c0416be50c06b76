package import ApusPolicy

/// The users whom a thread has seen prove themselves, by the keyed digest of what they showed: the secrets are not kept.
///
/// Bounded by a capacity, the longest unused goes first, and by a lifetime. Times are microseconds, given as arguments. A
/// request holds its user by ``hold(_:)`` until ``release(_:)``, so that the name outlives what happens to the cache.
package struct CredentialCache: ~Copyable, Sendable {
    private struct Entry: Sendable, BitwiseCopyable {
        let digest: SipHash.Digest
        let expiresAt: UInt64
        /// How many hold it.
        var holders: UInt32 = 0
        /// Whether it can be found.
        var isListed = false

        /// The digest is keyed and secret: any bits of it spread well.
        var hash: UInt32 { UInt32(truncatingIfNeeded: digest.first) }
    }

    private struct Standing: Sendable, BitwiseCopyable {
        /// The number of the policy; 0 before one was asked.
        var policy: UInt32 = 0
        var who = PolicyQuery.Who.stranger
        var groups = GroupSet()
    }

    /// Nobody.
    package static let nobody = UInt32.max

    private let capacity: Int
    private let lifetime: UInt64
    private var entries = Slab<Entry>()
    private var users: [VerifiedUser] = []
    /// Beside each user what a policy knows it by.
    private var standings: [Standing] = []
    private var table = ProbeTable()
    /// The listed ones, the longest unused first.
    private var order = IndexList()
    private var links = LinkTable()

    /// Makes an empty cache; a capacity or a lifetime of 0 keeps nothing beyond those who hold it.
    ///
    /// - Parameter lifetime: in microseconds.
    package init(capacity: Int, lifetime: UInt64) {
        self.capacity = capacity
        self.lifetime = lifetime
    }

    /// How many digests it knows.
    package var count: Int { Int(order.count) }

    /// How many users it keeps, those included that are only held.
    package var held: Int { entries.count }

    /// The user at an index that is held or was just found.
    package subscript(index: UInt32) -> VerifiedUser { users[Int(index)] }

    /// The bytes of that user's name: a look at one part copies no other.
    package func name(_ index: UInt32) -> [UInt8] { users[Int(index)].bytes }

    /// The bytes of the names of that user's groups, with commas between them.
    package func groupNames(_ index: UInt32) -> [UInt8] { users[Int(index)].groupBytes }

    /// Whether a log line needs that user's name alone, and no escape for it.
    package func isPlain(_ index: UInt32) -> Bool { users[Int(index)].isPlain }

    /// The name as limits count by it.
    package func userDigest(_ index: UInt32) -> UserDigest { users[Int(index)].digest }

    /// Tells a query who this user is to a policy: looked up once, and remembered until another one asks.
    ///
    /// - Parameter number: which policy it is, 1 or more.
    package mutating func identify(
        _ index: UInt32,
        to policy: CompiledPolicy,
        number: UInt32,
        _ query: inout PolicyQuery
    ) {
        if standings[Int(index)].policy != number {
            let user = users[Int(index)]
            standings[Int(index)] = Standing(
                policy: number,
                who: policy.userIndex(user.name),
                groups: policy.groupSet(user.groups)
            )
        }
        query.who = standings[Int(index)].who
        query.groups = standings[Int(index)].groups
    }

    /// Who has shown this before; nil when nobody has, or not lately. No allocation.
    package mutating func find(_ digest: SipHash.Digest, now: UInt64) -> UInt32? {
        guard let index = listed(digest) else { return nil }
        guard now < entries[index].expiresAt else {
            unlist(index)
            return nil
        }
        if order.tail != index {
            links.remove(index, &order)
            links.pushBack(index, &order)
        }
        return index
    }

    /// Who has shown this before, and how much longer that is good, in microseconds; nil when nobody has, or not lately.
    package mutating func remaining(_ digest: SipHash.Digest, now: UInt64) -> (user: VerifiedUser, left: UInt64)? {
        find(digest, now: now).map { (users[Int($0)], entries[$0].expiresAt - now) }
    }

    /// Keeps a user under the digest of valid credentials, in place of what was kept there. It is held once.
    ///
    /// - Parameter limit: how long the proof is good, in microseconds, where that is less than the lifetime.
    package mutating func insert(
        _ digest: SipHash.Digest,
        _ user: VerifiedUser,
        limit: UInt64 = .max,
        now: UInt64
    ) -> UInt32 {
        if let old = listed(digest) { unlist(old) }
        let time = min(lifetime, limit)
        let index = entries.insert(Entry(digest: digest, expiresAt: now &+ time, holders: 1))
        while users.count <= Int(index) {
            users.append(user)
            standings.append(Standing())
        }
        users[Int(index)] = user
        standings[Int(index)] = Standing()
        guard time > 0, capacity > 0 else { return index }
        if count >= capacity { unlist(order.head) }
        entries[index].isListed = true
        table.insert(entries[index].hash, index)
        links.pushBack(index, &order)
        return index
    }

    /// A request has this user; to be released once.
    package mutating func hold(_ index: UInt32) { entries[index].holders += 1 }

    /// The request is over.
    package mutating func release(_ index: UInt32) {
        guard entries.contains(index), entries[index].holders > 0 else { return }
        entries[index].holders -= 1
        freeIfUnused(index)
    }

    /// Forgets every proof, as after a change of the users; requests keep theirs to their end.
    package mutating func removeAll() {
        while order.count > 0 { unlist(order.head) }
    }

    private func listed(_ digest: SipHash.Digest) -> UInt32? {
        let hash = UInt32(truncatingIfNeeded: digest.first)
        var position = table.first(hash)
        while let index = table.next(hash, &position) {
            if entries[index].digest == digest { return index }
        }
        return nil
    }

    private mutating func unlist(_ index: UInt32) {
        table.remove(entries[index].hash, index)
        links.remove(index, &order)
        entries[index].isListed = false
        freeIfUnused(index)
    }

    private mutating func freeIfUnused(_ index: UInt32) {
        guard entries[index].holders == 0, !entries[index].isListed else { return }
        entries.remove(index)
    }
}
