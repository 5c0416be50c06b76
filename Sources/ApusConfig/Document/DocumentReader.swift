internal import ApusPolicy
internal import Yams

/// Reads the YAML of a settings file into nodes, by Yams.
///
/// Two things are kept from Yams, so that all faults come at once and no file takes more than its size: aliases, which a few
/// lines can multiply without end, and keys that are there twice, at the first of which it would stop.
enum DocumentReader {
    /// Stands for every `*`: aliases are resolved by ``NodeBuilder``.
    private static let star = Unicode.Scalar(UInt16(DocumentText.reserved.lowerBound)) ?? " "

    /// The root of the file's only document; nil for a file that says nothing, or has a fault in its syntax.
    static func read(file: String, bytes: [UInt8], _ findings: inout Findings) -> SettingsNode? {
        do {
            var text = try DocumentText(file: file, bytes: bytes)
            text.replaceStars(by: star)
            var builder = NodeBuilder(file: file, star: star)
            return try compose(&text, &builder, &findings)
        } catch {
            findings.fault(error.place, error.message)
            return nil
        }
    }

    /// Composes until no key is there twice: the first of a pair gets another character each time.
    private static func compose(
        _ text: inout DocumentText,
        _ builder: inout NodeBuilder,
        _ findings: inout Findings
    ) throws(FileFault) -> SettingsNode? {
        var markers = DocumentText.reserved.dropFirst().compactMap { Unicode.Scalar($0) }
        while true {
            do {
                let parser = try Parser(yaml: text.text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else { return nil }
                // Nodes refer to their anchors weakly; the parser has them.
                return withExtendedLifetime(parser) { builder.build(root, &findings) }
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let mark = context.mark
                guard let marker = markers.popLast(),
                    let old = text.replaceKey(line: mark.line, column: mark.column, by: marker)
                else {
                    let name = builder.restored(names.first ?? "")
                    throw FileFault(
                        SourcePosition(file: text.file, line: mark.line, column: mark.column),
                        "\(name) is given more than once; keep one of them"
                    )
                }
                builder.markers[marker] = old
            } catch {
                throw SyntaxFault.describe(error, in: text)
            }
        }
    }
}
