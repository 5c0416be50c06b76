extension Command {
    /// What there is to say of a command. The command line is read by it; help, manual pages and completions are made of it.
    package struct Row: Sendable {
        /// What it does, in a line.
        let summary: String
        /// What stands behind the command's name; one line for each way to use it.
        let synopsis: [String]
        /// What there is to know, in paragraphs.
        let description: [String]
        /// The words that are no options.
        var operand: Operand?
        /// Its own options.
        var options: [Option] = []
        /// Whether it takes all settings as options too.
        var takesSettings = false
        let examples: [Example]
        let exits: [Exit]
        /// Whose pages to read next.
        var related: [Command] = []
    }

    /// A word that is no option.
    package struct Operand: Sendable, Equatable {
        /// As it stands in the synopsis: `FILE`.
        let name: String
        let help: String
        /// How many of them it takes.
        var most = 1
        var values = KnownValues.any
    }

    /// An option of one command alone.
    package struct Option: Sendable, Equatable {
        /// Without its dashes.
        package let name: String
        /// What stands for its value; empty for one that takes none.
        package var placeholder = ""
        package let help: String
        package var values = KnownValues.any
        /// A value that would do; empty for one that takes none.
        var example = ""
    }

    /// A line to type, and what it does.
    package struct Example: Sendable, Equatable {
        let line: String
        let meaning: String
    }

    /// How it ends, and when.
    package struct Exit: Sendable, Equatable {
        let status: ExitStatus
        let meaning: String

        init(_ status: ExitStatus, _ meaning: String) {
            self.status = status
            self.meaning = meaning
        }

        /// What each command answers to what it does not understand.
        static let usage = Exit(.usage, "A wrong option or argument.")
        /// What each command answers that reads the settings.
        static let configuration = Exit(
            .configuration,
            "Something is wrong in the settings file or in a file that it names."
        )
    }
}
