/// A page of help before it has a form: ``HelpText`` makes a terminal's of it, ``ManualText`` a manual page.
///
/// What stands between backticks is to be typed or read literally.
package struct HelpPage: Sendable, Equatable {
    /// A part with a title.
    struct Section: Sendable, Equatable {
        let title: String
        var blocks: [Block]

        init(_ title: String, _ blocks: [Block]) {
            self.title = title
            self.blocks = blocks
        }
    }

    /// What a part holds, in order.
    enum Block: Sendable, Equatable {
        case paragraph(String)
        /// A title within the part.
        case heading(String)
        /// Lines that stay as they are.
        case lines([String])
        /// What is explained, and the explanation in paragraphs.
        case entry(String, [String])
        /// A line to type, and what it does.
        case example(Command.Example)
    }

    /// The title of the part that tells how to write a command.
    static let usage = "Usage"
    /// The title of the part that comes first and needs none.
    static let description = "Description"

    /// What is explained: `apus check`.
    let name: String
    /// A sentence.
    let summary: String
    let sections: [Section]
}
