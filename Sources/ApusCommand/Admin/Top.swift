import Apus
import ApusConfig
import ApusTop

/// `apus top`: the traffic of a running Apus, live in the terminal.
enum Top {
    static func run(_ settings: ParsedSettings, _ environment: [String: String], _ notices: Notices) -> Int32 {
        do throws(AdminClientFault) {
            let client = try AdminClient(settings.options, environment)
            guard HostProcess.Output.standard.isTerminal else {
                throw AdminClientFault(
                    sentence: "apus top draws on a terminal, and standard output is none",
                    hint: "for programs there are /metrics and /api/events"
                )
            }
            // Before the screen is taken: who has mistyped an address reads why in the shell.
            let stream = try EventConnection.open(client, milliseconds: 3000)
            let terminal: HostTerminal
            do { terminal = try HostTerminal() } catch {
                throw AdminClientFault(sentence: "the terminal cannot be used: \(error)")
            }
            let colour = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
            var session = TopSession(client, stream, terminal, colour: colour)
            session.run()
            terminal.leave()
            return ApusMain.Status.clean
        } catch {
            return notices.tell(error)
        }
    }
}
