import Apus
import ApusConfig
import ApusReport

/// `apus status`, `reload`, `drain`, `stop` and `end`: ask a running Apus by its control socket, and print what it answers.
struct Steer {
    private let settings: ParsedSettings
    private let environment: [String: String]
    private let notices: Notices

    init(_ settings: ParsedSettings, _ environment: [String: String], _ notices: Notices) {
        self.settings = settings
        self.environment = environment
        self.notices = notices
    }

    /// Answers with the exit status.
    func run(_ command: Command) -> Int32 {
        do throws(ControlFault) {
            guard let request = request(command) else { return ApusMain.Status.usage }
            let client = try ControlClient.find(settings.options["control"], environment)
            var last = ""
            let (value, line) = try client.answer(to: request) { news in
                let text = ControlText.news(news)
                if text != last { notices.say(text) }
                last = text
            }
            if settings.options["json"] != nil {
                HostProcess.Output.standard.write(line: String(decoding: line, as: UTF8.self))
            } else {
                show(command, value)
            }
            return status(command, value)
        } catch {
            notices.fault(error.sentence)
            if !error.hint.isEmpty { notices.hint(error.hint) }
            return ApusMain.Status.cannotStart
        }
    }

    private func request(_ command: Command) -> ControlRequest? {
        switch command {
        case .status: return .status
        case .reload: return .reload
        case .drain: return .drain(waits: settings.options["no-wait"] == nil)
        case .stop: return .stop
        default:
            let text = settings.words.first ?? ""
            let isID = text.utf8.count == 16 && text.allSatisfy(\.isHexDigit)
            if isID, let id = UInt64(text, radix: 16) { return .end(id) }
            notices.fault(
                text.isEmpty ? "apus end wants the id of what is to be closed" : "\"\(text)\" is no decision id"
            )
            notices.hint("an id has 16 hexadecimal digits; apus status shows those of what is open")
            return nil
        }
    }

    private func show(_ command: Command, _ value: JSONValue) {
        if value["ok"]?.truth != true {
            let faults = value["faults"]?.elements.compactMap(\.text) ?? []
            for fault in faults { notices.fault(ControlText.plain(fault)) }
            if let fault = value["fault"]?.text { notices.fault(ControlText.plain(fault)) }
            if let count = value["fault_count"]?.whole, count > faults.count {
                notices.fault("and \(Int(count) - faults.count) more: apus check shows all")
            }
            if command == .reload, !faults.isEmpty { notices.warn("the reload failed, the old settings stay in force") }
            return
        }
        let lines: [String]
        switch command {
        case .status: lines = StatusText.lines(value)
        case .reload: lines = ReloadText.lines(value)
        case .drain: lines = ControlText.drained(value)
        case .stop: lines = ["Apus has ended" + ControlText.closed(value)]
        default: lines = ["closed"]
        }
        for line in lines { HostProcess.Output.standard.write(line: line) }
    }

    private func status(_ command: Command, _ value: JSONValue) -> Int32 {
        guard value["ok"]?.truth == true else { return ApusMain.Status.cannotStart }
        let isCut = command == .drain && (value["closed"]?.whole ?? 0) > 0
        return isCut ? ApusMain.Status.cannotStart : ApusMain.Status.clean
    }
}
