internal import CApusReactor

/// A listening socket that somebody else has bound and handed over by its number.
package struct HandedSocket: Sendable, Equatable {
    /// Where it listens.
    package enum Place: Sendable, Equatable {
        case address(SocketAddress)
        /// Of a local socket, in the file system.
        case path(String)
    }

    /// Why it is none.
    package enum Misfit: Error, Sendable, Equatable {
        /// The number is no open descriptor.
        case notOpen
        /// It is a file, a pipe or the like.
        case notSocket
        /// It is no stream socket of TCP or of the file system: another kind or family, or a local one without a path.
        case wrongKind
        /// Nobody has called listen(2) on it.
        case notListening
        /// It takes IPv6 and IPv4, whose clients would come with addresses of IPv6.
        case bothFamilies
    }

    package let place: Place
    /// Whether it is a local one that everybody on this machine may connect to.
    package let isOpenToAll: Bool

    /// Looks at a descriptor, and keeps it from children of this process.
    package init(_ descriptor: Int32) throws(Misfit) {
        // ENOTSOCK, beside EBADF.
        guard apus_prepare(descriptor) == 0 else { throw .notOpen }
        var facts = apus_socket_facts()
        guard apus_describe_socket(descriptor, &facts) == 0 else { throw .notSocket }
        guard facts.is_stream == 1, facts.is_local == 1 || facts.is_tcp == 1 else { throw .wrongKind }
        guard facts.is_listening == 1 else { throw .notListening }
        guard facts.takes_both == 0 else { throw .bothFamilies }
        isOpenToAll = facts.is_open_to_all == 1
        if facts.is_local == 1 {
            guard facts.path_count > 0 else { throw .wrongKind }
            place = .path(
                withUnsafeBytes(of: &facts.path) { bytes in
                    String(decoding: bytes.prefix(Int(facts.path_count)), as: UTF8.self)
                }
            )
        } else {
            var raw = apus_address()
            guard apus_local_address(descriptor, &raw) == 0 else { throw .wrongKind }
            place = .address(SocketAddress(raw))
        }
    }

    /// Another descriptor of the same socket, for one more thread.
    ///
    /// - Throws: the errno, EMFILE above all.
    package static func duplicate(_ descriptor: Int32) throws(SocketError) -> Int32 {
        let copy = apus_duplicate(descriptor)
        guard copy >= 0 else { throw SocketError(code: -copy) }
        return copy
    }
}
