internal import ApusPolicy

/// Reads the YAML of a settings file into nodes.
enum DocumentReader {
    /// The root of the file's only document; nil for a file that says nothing, or has a fault in its syntax.
    static func read(file: String, bytes: [UInt8], _ findings: inout Findings) -> SettingsNode? {
        do {
            return try compose(try DocumentText(file: file, bytes: bytes), &findings)
        } catch {
            findings.fault(error.place, error.message)
            return nil
        }
    }

    private static func compose(_ text: DocumentText, _ findings: inout Findings) throws(FileFault) -> SettingsNode? {
        do throws(YamlFault) {
            var builder = NodeBuilder(file: text.file, try YamlEvents(text.text))
            // What was found before a text goes wrong may be but a sign of that.
            var found = findings
            let root = try builder.document(&found)
            findings = found
            return root
        } catch {
            throw SyntaxFault.describe(error, in: text)
        }
    }
}
