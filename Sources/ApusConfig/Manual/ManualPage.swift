/// A page of the manual, before it has a form.
struct ManualPage: Sendable, Equatable {
    /// `apus-check`, as it is asked for.
    let name: String
    /// 1 for commands, 5 for files.
    let volume: Int
    /// Half a sentence.
    let summary: String
    let sections: [HelpPage.Section]
    /// Pages to read next: `apus(1)`.
    let related: [String]

    /// Where it is installed, below the folder of manuals.
    var path: String { "man\(volume)/\(name).\(volume)" }

    /// The page in roff.
    ///
    /// - Parameter date: `2026-11-30`.
    func render(date: String, version: String) -> String {
        var lines = [
            ".\\\" Made from the table that makes apus --help; do not edit.",
            ".TH \(ManualText.argument(name.uppercased())) \(volume) \"\(date)\" "
                + "\(ManualText.argument("Apus \(version)")) \"Apus\"",
            ".SH NAME", "\(ManualText.line(name)) \\- \(ManualText.paragraph(summary).joined(separator: " "))",
        ]
        for section in sections {
            let title = section.title == HelpPage.usage ? "Synopsis" : section.title
            lines.append(".SH \(ManualText.argument(title.uppercased()))")
            lines += render(section)
        }
        lines.append(".SH \"SEE ALSO\"")
        lines.append(
            related.map { page in
                let parts = page.split(separator: "(")
                return "\(ManualText.bold(String(parts[0])))(\(parts[1])"
            }.joined(separator: ",\n")
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private func render(_ section: HelpPage.Section) -> [String] {
        var lines: [String] = []
        // A paragraph right under a title is begun by the title.
        var isFirst = true
        // Lines behind an entry belong to it.
        var isInEntry = false
        for block in section.blocks {
            switch block {
            case .paragraph(let text):
                lines += (isFirst ? [] : [".PP"]) + ManualText.paragraph(text)
                isInEntry = false
            case .heading(let title):
                lines.append(".SS \(ManualText.argument(title))")
            case .lines(let texts):
                if isInEntry {
                    lines += [".IP"]
                } else if !isFirst {
                    lines.append(".PP")
                }
                lines +=
                    [".nf"] + texts.map { section.title == HelpPage.usage ? Self.synopsis($0) : ManualText.line($0) }
                    + [".fi"]
            case .entry(let left, let texts):
                lines += [".TP", ManualText.bold(left)]
                for (place, text) in texts.enumerated() {
                    lines += (place == 0 ? [] : [".IP"]) + ManualText.paragraph(text)
                }
                isInEntry = true
            case .example(let example):
                lines += [".TP", ManualText.bold(example.line)] + ManualText.paragraph(example.meaning)
            }
            isFirst = if case .heading = block { true } else { false }
        }
        return lines
    }

    /// The command's name is bold, what follows is not.
    private static func synopsis(_ line: String) -> String {
        let words = line.split(separator: " ")
        let head = words.prefix { $0.first?.isLetter == true && $0 == $0.lowercased() }
        let rest = words.dropFirst(head.count).joined(separator: " ")
        return ManualText.bold(head.joined(separator: " ")) + (rest.isEmpty ? "" : " " + ManualText.line(rest))
    }
}
