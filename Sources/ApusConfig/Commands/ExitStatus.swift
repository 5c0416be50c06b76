/// How `apus` ends: each status with its meaning, from which help and manual pages tell it.
package struct ExitStatus: Sendable, Equatable {
    package let code: Int32
    /// What it means, whatever the command is.
    let meaning: String

    /// It did what was asked.
    package static let clean = ExitStatus(
        code: 0,
        meaning: "It did what was asked, or was told to stop and has stopped."
    )
    /// It could not.
    package static let cannotStart = ExitStatus(
        code: 1,
        meaning:
            "It could not: an address is in use, no Apus answers, a file cannot be written. Standard error says which."
    )
    /// By sysexits.h: the command line, or a variable.
    package static let usage = ExitStatus(
        code: 64,
        meaning: "A wrong option, argument or variable; nothing was done."
    )
    /// By sysexits.h: what was read.
    package static let data = ExitStatus(
        code: 65,
        meaning: "A password (apus hash-password), or logs (apus learn), that cannot be used."
    )
    /// By sysexits.h: the settings file.
    package static let configuration = ExitStatus(
        code: 78,
        meaning: "The settings file, or a file that it names, cannot be used; nothing was done."
    )

    static let all = [clean, cannotStart, usage, data, configuration]
}
