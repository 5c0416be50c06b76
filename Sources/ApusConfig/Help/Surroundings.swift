/// What `apus` listens to and looks at beside its command line: one row each, from which help and manual pages tell it.
enum Surroundings {
    /// A row.
    struct Row: Sendable, Equatable {
        let name: String
        let meaning: String
    }

    static let signals = [
        Row(
            name: "TERM, INT",
            meaning: "Take no more clients, let running requests and tunnels end for up to --timeout-drain, and stop. "
                + "A second one stops at once. Ctrl-C sends INT."
        ),
        Row(
            name: "HUP",
            meaning:
                "Read the settings file, its lists and its users anew. When there is a fault, the old settings stay in force."
        ),
        Row(name: "USR1", meaning: "Open the file of the access log anew, after logrotate has renamed it."),
        Row(name: "USR2", meaning: "Write a recording into the folder of --record-folder."),
    ]

    /// Beside those of the settings.
    static let variables = [
        Row(
            name: ConfigOption.environment,
            meaning:
                "The settings file, as --\(ConfigOption.flag) names it; without both it is \(ConfigOption.defaultText)."
        ),
        Row(
            name: adminToken,
            meaning: "The token that apus top and apus record show to an admin listener; --token-file wins over it."
        ),
        Row(
            name: "NO_COLOR",
            meaning:
                "When it is set and not empty, nothing is coloured or bold (no-color.org), unless --log-color is always."
        ),
        Row(
            name: "LISTEN_FDS",
            meaning:
                "With LISTEN_PID and LISTEN_FDNAMES: sockets that systemd has bound, by the names proxy (for clients), admin and control."
        ),
        Row(
            name: "NOTIFY_SOCKET",
            meaning:
                "With WATCHDOG_USEC: where, and how often, systemd wants to be told how Apus is doing. Systemd sets all of these."
        ),
    ]

    static let adminToken = "APUS_ADMIN_TOKEN"

    static let files = [
        Row(
            name: SettingsFile.standardPath,
            meaning:
                "The settings file, if it is there and neither --\(ConfigOption.flag) nor \(ConfigOption.environment) names another."
        )
    ]
}
