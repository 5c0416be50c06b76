internal import ApusReactor

/// A signal that a server obeys.
package enum HostSignal: Int32, Sendable, CaseIterable {
    case hangUp = 1
    case interrupt = 2
    case user1 = 10
    case user2 = 12
    case terminate = 15

    /// Has all of them told, one after the other, on a thread that does nothing else: a pool that is busy, or a disk that does not
    /// answer, keeps nobody from ending the process.
    package static func watch(_ told: @escaping @Sendable (HostSignal) -> Void) throws(HostFault) {
        do throws(SocketError) {
            try SignalThread.start(allCases.map(\.rawValue)) { number in
                if let signal = HostSignal(rawValue: number) { told(signal) }
            }
        } catch {
            throw HostFault("\(error)")
        }
    }
}
