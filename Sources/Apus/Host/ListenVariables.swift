/// What `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES` say (sd_listen_fds(3)): numbers and names alone.
struct ListenVariables: Equatable {
    /// The first descriptor that is handed over (SD_LISTEN_FDS_START).
    static let first: Int32 = 3
    /// More than anybody hands over, so that a number out of thin air costs nothing.
    private static let most = 1024

    /// The process that they are meant for.
    let process: Int32
    /// The name of each descriptor; without `LISTEN_FDNAMES` all are for clients.
    let names: [String]

    /// nil where nothing is handed over.
    init?(_ environment: [String: String]) throws(SocketActivationFault) {
        guard let count = environment["LISTEN_FDS"], let process = environment["LISTEN_PID"] else { return nil }
        guard let process = Int32(process), process > 0 else {
            throw SocketActivationFault(problems: ["LISTEN_PID=\(process) is the number of no process"])
        }
        guard let count = Int(count), 0...Self.most ~= count else {
            throw SocketActivationFault(problems: ["LISTEN_FDS=\(count) is no count of descriptors"])
        }
        guard count > 0 else { return nil }
        self.process = process
        guard let names = environment["LISTEN_FDNAMES"] else {
            self.names = Array(repeating: SocketActivation.Role.proxy.rawValue, count: count)
            return
        }
        self.names = names.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard self.names.count == count else {
            throw SocketActivationFault(
                problems: [
                    "LISTEN_FDS=\(count) and LISTEN_FDNAMES=\(names) do not fit: a name for each, with : between them"
                ]
            )
        }
    }
}
