import Testing

@testable import ApusConfig

@Suite struct ManualTests {
    @Test("what roff would take for its own is escaped")
    func escapes() {
        #expect(ManualText.line(".so \\ --a 'b' ^~ §") == "\\&.so \\e \\-\\-a \\(aqb\\(aq \\(ha\\(ti \\[u00A7]")
        #expect(ManualText.line("'x") == "\\(aqx")
        #expect(ManualText.paragraph("'tis `a: { b }`") == ["\\&'tis \\fBa:\\~{\\~b\\~}\\fP"])
        #expect(ManualText.argument("a \"b\"") == "\"a \\(dqb\\(dq\"")
        let long = ManualText.paragraph(String(repeating: "word ", count: 40) + ". .")
        #expect(long.count > 2 && long.allSatisfy { $0.count <= 80 && !$0.hasPrefix(".") })
    }

    @Test("a page has its parts in the macros of man(7)")
    func page() {
        let page = ManualPage(
            name: "apus-x",
            volume: 1,
            summary: "do x",
            sections: [
                .init(HelpPage.usage, [.lines(["apus x [--a]"])]),
                .init(HelpPage.description, [.paragraph("One."), .paragraph("Two.")]),
                .init("Options", [.heading("These"), .entry("--a", ["First.", "Second."]), .lines(["- a"])]),
                .init("Examples", [.example(.init(line: "apus x", meaning: "Do it."))]),
            ],
            related: ["apus(1)", "apus.yaml(5)"]
        )
        #expect(page.path == "man1/apus-x.1")
        #expect(
            page.render(date: "2026-11-30", version: "1") == #"""
                .\" Made from the table that makes apus --help; do not edit.
                .TH "APUS\-X" 1 "2026-11-30" "Apus 1" "Apus"
                .SH NAME
                apus\-x \- do x
                .SH "SYNOPSIS"
                .nf
                \fBapus x\fP [\-\-a]
                .fi
                .SH "DESCRIPTION"
                One.
                .PP
                Two.
                .SH "OPTIONS"
                .SS "These"
                .TP
                \fB\-\-a\fP
                First.
                .IP
                Second.
                .IP
                .nf
                \- a
                .fi
                .SH "EXAMPLES"
                .TP
                \fBapus x\fP
                Do it.
                .SH "SEE ALSO"
                \fBapus\fP(1),
                \fBapus.yaml\fP(5)

                """#
        )
    }

    @Test("there is a page for apus, each command and the file; each names pages that are there")
    func pages() {
        let names = Manual.pages.map { "\($0.name)(\($0.volume))" }
        #expect(Set(names).count == names.count)
        for command in Command.allCases { #expect(names.contains("apus-\(command.rawValue)(1)")) }
        #expect(names.contains("apus(1)") && names.contains("apus.yaml(5)"))
        for page in Manual.pages {
            for other in page.related where other != "curl(1)" {
                #expect(names.contains(other), "\(page.name): \(other)")
            }
            #expect(
                Set(page.related).count == page.related.count && !page.related.contains("\(page.name)(\(page.volume))")
            )
            let titles = page.sections.map(\.title)
            #expect(titles.count == Set(titles).count, "\(page.name)")
        }
        let apus = Manual.pages.first { $0.name == "apus" }
        for title in ["Options", "Signals", "Exit status", "Environment", "Files", "Examples"] {
            #expect(apus?.sections.contains { $0.title == title } == true, "\(title)")
        }
    }

    @Test("the same source makes the same bytes; the date is that of SOURCE_DATE_EPOCH, and has to be said")
    func files() throws {
        #expect(
            try GeneratedFiles.render("files", epoch: nil).split(separator: "\n").map(String.init)
                == GeneratedFiles.paths
        )
        for path in GeneratedFiles.paths {
            let text = try GeneratedFiles.render(path, epoch: "1796000000")
            #expect(try GeneratedFiles.render(path, epoch: "1796000000") == text)
            #expect(text.contains("do not edit"))
            if path.hasPrefix("man") { #expect(text.contains("\"2026-11-30\"")) }
        }
        #expect(throws: SettingFault.self) { try GeneratedFiles.render("man1/apus.1", epoch: nil) }
        #expect(throws: SettingFault.self) { try GeneratedFiles.render("man1/x.1", epoch: "0") }
        #expect(
            try SettingsParser.parse(arguments: ["reference", "files"], environment: [:]).action == .generated("files")
        )
    }
}
