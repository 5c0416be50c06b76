internal import ApusReactor

/// A folder that a command keeps its own things in.
package enum HostFolder {
    /// What a folder is to this process.
    package enum State: Sendable, Equatable {
        /// This user's, and nobody else may write to it.
        case own
        /// There is none.
        case missing
        /// It is another user's.
        case foreign(user: UInt32)
        /// It is not to be used; why.
        case unusable(String)
    }

    /// Looks at it.
    package static func state(_ path: String) -> State {
        switch OwnFolder.state(path) {
        case .own: .own
        case .missing: .missing
        case .foreign(let user): .foreign(user: user)
        case .openToOthers: .unusable("others may write to it")
        case .failed(let error): .unusable("\(error)")
        }
    }

    /// Makes it for this user alone.
    ///
    /// - Throws: the system's words.
    package static func make(_ path: String) throws(HostFault) {
        do throws(SocketError) { try OwnFolder.make(path) } catch { throw HostFault("\(error)") }
    }

    /// What is in it, in order; nothing where it cannot be read.
    package static func names(_ path: String) -> [String] { OwnFolder.names(path) }

    /// This process's effective user.
    package static var user: UInt32 { OwnFolder.user }
}
