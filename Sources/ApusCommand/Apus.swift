import Apus
import ApusConfig

/// The `apus` command: settings in, an exit status out.
@main
enum ApusMain {
    /// By sysexits.h, as far as it fits.
    enum Status {
        static let clean: Int32 = 0
        static let cannotStart: Int32 = 1
        static let usage: Int32 = 64
        /// Kept for a settings file that cannot be used.
        static let configuration: Int32 = 78
    }

    static func main() async {
        HostProcess.exit(await run(Array(CommandLine.arguments.dropFirst()), HostProcess.environment()))
    }

    static func run(_ arguments: [String], _ environment: [String: String]) async -> Int32 {
        let notices = Notices(environment)
        let settings: ParsedSettings
        do { settings = try SettingsParser.parse(arguments: arguments, environment: environment) } catch {
            for line in error.description.split(separator: "\n") { notices.fault(String(line)) }
            notices.hint("apus --help shows every option.")
            return Status.usage
        }
        switch settings.action {
        case .help: HostProcess.Output.standard.write(line: HelpText.render())
        case .version: HostProcess.Output.standard.write(line: "apus \(ApusVersion.current)")
        case .reference: HostProcess.Output.standard.write(line: SettingsReference.render())
        case .serve:
            for notice in settings.notices + settings.configuration.warnings { notices.warn(notice) }
            return await serve(settings.configuration, notices)
        }
        return Status.clean
    }
}
