import Apus
import ApusAuth
import ApusConfig

/// The `apus` command: settings in, an exit status out.
@main
enum ApusMain {
    /// The statuses of ``ExitStatus``, as numbers.
    enum Status {
        static let clean = ExitStatus.clean.code
        static let cannotStart = ExitStatus.cannotStart.code
        static let usage = ExitStatus.usage.code
        static let data = ExitStatus.data.code
        static let configuration = ExitStatus.configuration.code
    }

    /// The first thread starts the others and waits. An async main would leave it to the tasks' library, which ends it by half: what the C
    /// library does on all threads, as a change of the user, would pass it over.
    static func main() {
        // Each thread has it from the one that started it.
        HostUser.forbidNewPrivileges()
        let (arguments, environment) = (Array(CommandLine.arguments.dropFirst()), HostProcess.takeEnvironment())
        Task.detached {
            let status = await run(arguments, environment)
            HostProcess.exit(status)
        }
        HostProcess.park()
    }

    static func run(_ arguments: [String], _ environment: [String: String]) async -> Int32 {
        if arguments.first == Command.hashPassword.rawValue, !arguments.contains("--help"), !arguments.contains("-h") {
            return HashPassword.run(Array(arguments.dropFirst()))
        }
        let notices = Notices(environment)
        let activation: SocketActivation
        do { activation = try SocketActivation(environment) } catch {
            for problem in error.problems { notices.fault(problem) }
            return Status.configuration
        }
        let settings: ParsedSettings
        do {
            settings = try SettingsParser.parse(
                arguments: arguments,
                environment: environment,
                files: .system,
                activation: activation
            )
        } catch {
            for line in error.description.split(separator: "\n") { notices.fault(String(line)) }
            if let hint = error.hint { notices.hint(hint) }
            return error.isOfFile ? Status.configuration : Status.usage
        }
        switch settings.action {
        case .help(let command):
            HostProcess.Output.standard.write(line: helpText(environment).render(.command(command)))
        case .topic(let word):
            HostProcess.Output.standard.write(line: helpText(environment).render(HelpTopic.pages(word)))
        case .version: HostProcess.Output.standard.write(line: "apus \(ApusVersion.current)")
        case .reference: HostProcess.Output.standard.write(line: SettingsReference.render())
        case .check:
            var report = FileReport.make(settings.words.first, environment: environment, files: .system)
            if report.faults.isEmpty {
                let prefix = report.settings.configuration.limits.ipv6Prefix
                do { _ = try await Users.authenticator(report.settings.policy, ipv6Prefix: prefix) } catch {
                    report.add(error)
                }
            }
            if report.faults.isEmpty, settings.options["live"] != nil {
                for parent in report.settings.configuration.parents {
                    report.reach(parent, fault: HostConnection.whyNotReached(parent))
                }
            }
            HostProcess.Output.standard.write(line: settings.options["json"] == nil ? report.text : report.json)
            return report.faults.isEmpty ? Status.clean : Status.configuration
        case .config:
            for notice in settings.notices { notices.warn(notice) }
            HostProcess.Output.standard.write(line: EffectiveSettings.render(settings))
        case .explain, .learn, .generated: return answer(settings, environment, notices)
        case .top: return Top.run(settings, environment, notices)
        case .record: return Record.run(settings, environment, notices)
        case .steer(let command): return Steer(settings, environment, notices).run(command)
        case .serve:
            if let file = settings.file { notices.say("settings are those of \(file)") }
            for notice in settings.notices + activation.notices { notices.warn(notice) }
            return await serve(settings, arguments, environment, notices)
        }
        return Status.clean
    }

    /// How pages of help look on standard output.
    private static func helpText(_ environment: [String: String]) -> HelpText {
        let output = HostProcess.Output.standard
        let isPlain = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        return HelpText(columns: output.columns, isStyled: output.isTerminal && !isPlain)
    }

    /// The commands that only print.
    private static func answer(_ settings: ParsedSettings, _ environment: [String: String], _ notices: Notices) -> Int32
    {
        do {
            if case .generated(let word) = settings.action {
                let text = try GeneratedFiles.render(word, epoch: environment["SOURCE_DATE_EPOCH"])
                HostProcess.Output.standard.write(line: text)
            } else if settings.action == .explain {
                let now = HostProcess.secondsSince1970()
                HostProcess.Output.standard.write(line: try Explain.page(settings, now: now, files: .system))
            } else {
                let result = try Learn.result(settings, files: .system)
                guard let text = result.text else {
                    if let notice = result.notice { notices.fault(notice) }
                    return Status.data
                }
                if let notice = result.notice { notices.warn(notice) }
                HostProcess.Output.standard.write(line: text)
            }
            return Status.clean
        } catch {
            for line in error.description.split(separator: "\n") { notices.fault(String(line)) }
            return Status.usage
        }
    }
}
