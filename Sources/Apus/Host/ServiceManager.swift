internal import ApusReactor

/// Tells the service manager that started the process how it is doing, by the protocol of sd_notify(3); says nothing where
/// there is none.
package struct ServiceManager: Sendable {
    /// What is told.
    package enum State: Sendable, Equatable {
        /// It serves.
        case ready
        /// A reload has begun; ``ready`` or ``kept(_:)`` follows.
        case reloading
        /// The reload failed and the old settings stay, for this reason.
        case kept(String)
        /// It ends.
        case stopping
    }

    private let socket: String?

    /// - Parameter environment: `NOTIFY_SOCKET` names the manager's socket.
    package init(_ environment: [String: String]) {
        let path = environment["NOTIFY_SOCKET"] ?? ""
        socket = path.hasPrefix("/") || path.hasPrefix("@") ? path : nil
    }

    /// Sends it; never waits, and a manager that does not listen is no fault.
    package func tell(_ state: State) {
        guard let socket else { return }
        ProcessCalls.sendDatagram(ServiceManager.text(state, SystemFacts.monotonicMicroseconds()), to: socket)
    }

    /// The assignments, one a line.
    static func text(_ state: State, _ now: UInt64) -> String {
        switch state {
        case .ready: "READY=1\nSTATUS=Serving\n"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(now)\nSTATUS=Reloading\n"
        case .kept(let reason): "READY=1\nSTATUS=Reload failed, the old settings stay: \(oneLine(reason))\n"
        case .stopping: "STOPPING=1\nSTATUS=Draining\n"
        }
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
