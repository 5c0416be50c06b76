internal import ApusPolicy

/// Reads the YAML of a settings file into nodes.
///
/// Aliases are kept from libyaml, which would stop at the first that is none, as at a pattern whose quotes were forgotten: so all
/// faults come at once.
enum DocumentReader {
    /// Stands for every `*`: aliases are resolved by ``NodeBuilder``.
    private static let star = Unicode.Scalar(UInt16(DocumentText.reserved.lowerBound)) ?? " "

    /// The root of the file's only document; nil for a file that says nothing, or has a fault in its syntax.
    static func read(file: String, bytes: [UInt8], _ findings: inout Findings) -> SettingsNode? {
        do {
            var text = try DocumentText(file: file, bytes: bytes)
            text.replaceStars(by: star)
            return try compose(text, &findings)
        } catch {
            findings.fault(error.place, error.message)
            return nil
        }
    }

    private static func compose(_ text: DocumentText, _ findings: inout Findings) throws(FileFault) -> SettingsNode? {
        do throws(YamlFault) {
            var builder = NodeBuilder(file: text.file, star: star, try YamlEvents(text.text))
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
