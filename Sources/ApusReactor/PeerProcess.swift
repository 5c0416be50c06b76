internal import CApusReactor

/// Who is at the other end of a local socket, as the kernel knows it (SO_PEERCRED): as of when it connected, or called listen(2).
package struct PeerProcess: Sendable, Equatable {
    /// The effective user.
    package let user: UInt32
    /// 0 where it is of another namespace of processes.
    package let process: Int32

    /// Asks the kernel; nil where it does not tell.
    init?(of descriptor: Int32) {
        var (user, process) = (UInt32(0), Int32(0))
        guard apus_peer(descriptor, &user, &process) == 0 else { return nil }
        self.user = user
        self.process = process
    }
}
