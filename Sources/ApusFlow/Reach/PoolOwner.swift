package import ApusPolicy

/// Whose requests an idle connection serves, where pools are kept apart: a digest of the user or the client.
package struct PoolOwner: Sendable, Equatable, BitwiseCopyable {
    private let first: UInt64
    private let second: UInt64

    /// Everybody's, where they are not kept apart.
    package static var everybody: PoolOwner { PoolOwner(first: 0, second: 0) }

    private init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// The owner with this digest, which is keyed: nobody can make two that meet.
    package init(_ digest: SipHash.Digest) { self.init(first: digest.first, second: digest.second) }
}
