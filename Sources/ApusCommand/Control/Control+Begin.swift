import Apus
import ApusConfig

extension Control {
    /// Serves where the settings say.
    ///
    /// - Returns: the exit status, when there is no use in going on: what was asked for cannot be had.
    func begin(_ settings: ParsedSettings, _ environment: [String: String], _ notices: Notices) -> Int32? {
        if let handed = settings.activation.control {
            do { try begin(adopting: handed.descriptor) } catch {
                notices.warn("the control socket that was handed over cannot be served: \(error)")
            }
            return nil
        }
        let place = settings.configuration.control
        switch place {
        case .off: return nil
        case .path(let path):
            do {
                try begin(at: path)
                return nil
            } catch {
                notices.fault(Self.words(error, path))
                return ApusMain.Status.cannotStart
            }
        case .standard:
            // Nobody asked for it: whatever is wrong, clients are served.
            guard let folder = ControlFolders(environment).place() else { return nil }
            do throws(HostFault) { if folder.isToBeMade { try HostFolder.make(folder.path) } } catch {
                notices.warn("there is no control socket: \(folder.path) cannot be made: \(error)")
                return nil
            }
            beginBeside(folder.path, notices)
            return nil
        }
    }

    /// In a folder where others of this user may serve.
    private func beginBeside(_ folder: String, _ notices: Notices) {
        let first = "\(folder)/\(ControlFolders.name)"
        for name in HostFolder.names(folder) where ControlFolders.isName(name) {
            HostLineServer.sweep("\(folder)/\(name)")
        }
        do {
            try begin(at: first)
        } catch .taken(let process) {
            let own = "\(folder)/\(ControlFolders.name(process: HostProcess.identifier))"
            do {
                try begin(at: own)
                let other = process > 0 ? "the one with process id \(process)" : "another one"
                notices.say("this Apus is steered by --control \(own), for \(other) has \(first)")
            } catch {
                notices.warn("there is no control socket: \(Self.words(error, own))")
            }
        } catch {
            notices.warn("there is no control socket: \(Self.words(error, first))")
        }
    }

    private static func words(_ fault: HostLineServer.Fault, _ path: String) -> String {
        switch fault {
        case .taken(let process):
            "the control socket \(path) is in use by \(process > 0 ? "process \(process)" : "another process"); stop that one, or name "
                + "another path by --control PATH, or none by --control none"
        case .failed(let words):
            "the control socket cannot be \(path): \(words); --control PATH names another place, --control none does without"
        }
    }
}
