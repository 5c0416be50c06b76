import Apus
import ApusReport

/// Writes what the recorder holds into files: at USR2, and when errors have become too many.
actor FlightRecords {
    private let server: ProxyServer
    private let settings: ProxyConfiguration.RecorderSettings
    private let notices: Notices
    private var number = 0
    private var isWriting = false

    init(_ server: ProxyServer, _ notices: Notices) {
        self.server = server
        settings = server.configuration.recorder
        self.notices = notices
    }

    /// Writes an archive beside those there are.
    ///
    /// - Parameter reason: half a sentence for the notice.
    func write(because reason: String) async {
        guard settings.transactions > 0 else {
            return notices.warn("nothing is recorded: --record-transactions is 0")
        }
        // The disk may be one that does not answer: one recording is enough to wait for it.
        guard !isWriting else { return notices.warn("a recording is being written: no other one is begun") }
        isWriting = true
        defer { isWriting = false }
        let transactions = await server.transactions(limit: .max)
        let bytes = HTTPArchive.write(
            transactions,
            version: ApusVersion.current,
            redactingQueries: server.configuration.log.queries
        )
        number += 1
        let path = "\(settings.folder)/apus-\(HostProcess.identifier)-\(HostProcess.secondsSince1970())-\(number).har"
        if let words = await HostThread.run({ HostFile.write(path, bytes, replacing: false) }) {
            return notices.fault(
                "the recording cannot be written to \(path): \(words); --record-folder names another place"
            )
        }
        let count = transactions.count
        notices.say("wrote \(path), \(count) \(count == 1 ? "request" : "requests"), because \(reason)")
    }

    /// Looks at the rate of errors until the task is cancelled; at once done when none is set.
    func watch() async {
        guard settings.errorRate > 0 else { return }
        var trigger = ErrorRateTrigger(share: settings.errorRate)
        _ = trigger.looked(requests: 0, errors: 0, at: Int64(HostProcess.monotonicMilliseconds()) * 1000)
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            let counters = await server.traffic(names: 0).counters
            let errors = counters.requests.classes[5]
            let now = Int64(HostProcess.monotonicMilliseconds()) * 1000
            if let rate = trigger.looked(requests: counters.requests.total, errors: errors, at: now) {
                await write(because: "\(Int((rate * 100).rounded())) % of the last requests failed")
            }
        }
    }
}
