import Apus
import ApusConfig
import ApusTop

/// `apus record`: what a running Apus has recorded, as a file.
enum Record {
    /// No recorder holds as much.
    private static let largest = 1 << 30

    static func run(_ settings: ParsedSettings, _ environment: [String: String], _ notices: Notices) -> Int32 {
        do throws(AdminClientFault) {
            let (path, bytes) = try fetch(settings, environment)
            if path == "-" {
                HostProcess.Output.standard.write(line: String(decoding: bytes, as: UTF8.self))
                return ApusMain.Status.clean
            }
            let replacing = settings.options["force"] != nil
            if let words = HostFile.write(path, bytes, replacing: replacing) {
                let isThere = HostFile.mark(path) != nil && !replacing
                throw AdminClientFault(
                    sentence: "\(path): \(words)",
                    hint: isThere ? "--force writes over a file that is there" : ""
                )
            }
            notices.say("wrote \(path), \(bytes.count) bytes")
            return ApusMain.Status.clean
        } catch {
            return notices.tell(error)
        }
    }

    private static func fetch(_ settings: ParsedSettings, _ environment: [String: String]) throws(AdminClientFault) -> (
        path: String, bytes: [UInt8]
    ) {
        guard let path = settings.options["out"] else {
            throw AdminClientFault(
                sentence: "apus record wants --out FILE",
                hint: "for example --out day.har",
                isUsage: true
            )
        }
        var target = "/api/recording.har"
        if let limit = settings.options["limit"] {
            guard let count = UInt32(limit), count > 0 else {
                throw AdminClientFault(sentence: "--limit: \"\(limit)\" is no number from 1 on", isUsage: true)
            }
            target += "?limit=\(count)"
        }
        // Before anything is asked for: who has a file of that name wants to know at once.
        if path != "-", settings.options["force"] == nil, HostFile.mark(path) != nil {
            throw AdminClientFault(
                sentence: "\(path) is there already",
                hint: "--force writes over it; nothing was written"
            )
        }
        let client = try AdminClient(settings.options, environment)
        let (status, body) = try client.fetch(AdminRequest("GET", target), upTo: largest, milliseconds: 10_000)
        guard status == 200 else { throw client.refusal(status) }
        return (path, body)
    }
}
