import Apus

/// What root may, given up once nothing needs it: the listeners are bound, and all that follows is done as the user who is to serve.
enum Privileges {
    /// Becomes the user of the settings, if there is one.
    ///
    /// - Returns: the exit status when that cannot be; nil when all is well.
    static func giveUp(_ server: ProxyServer, _ notices: Notices) -> Int32? {
        guard let name = server.configuration.user else {
            if HostUser.isRoot {
                notices.warn(
                    "this runs as root, which only binding a port below 1024 takes: --run-as NAME gives it up once that is done"
                )
            }
            return nil
        }
        do {
            let user = try HostUser(name)
            if user.isCurrent { return nil }
            guard HostUser.isRoot else {
                notices.fault(
                    "--run-as \(name): only root can become another user; start it as root, or as \(name) without --run-as"
                )
                return ApusMain.Status.cannotStart
            }
            try server.bind()
            do { try user.become() } catch {
                notices.fault(
                    "--run-as \(name): this process cannot become \(name), or could become root again: \(error)"
                )
                return ApusMain.Status.cannotStart
            }
            notices.say("the listeners are bound; it is \(name) from here on")
            return nil
        } catch {
            for line in "\(error)".split(separator: "\n") { notices.fault(String(line)) }
            return ApusMain.Status.cannotStart
        }
    }
}
