internal import Apus

/// Reads what parents are shown, where settings say where it stands. No message repeats any of it.
extension ParsedSettings {
    /// The longest that is taken, in bytes.
    private static let longest = 4096

    /// Puts the credentials of all parents in place; answers what cannot be used, each with the key of its parent.
    mutating func loadParentCredentials(_ environment: [String: String], _ files: FileAccess) -> [(
        key: String, message: String
    )] {
        var problems: [(key: String, message: String)] = []
        for place in configuration.parents.indices {
            let parent = configuration.parents[place]
            guard let secret = parent.credentialsPlace else { continue }
            let key = "parents.\(parent.name)"
            do throws(ValueFault) {
                configuration.parents[place].credentials = try Self.credentials(secret, environment, files)
            } catch {
                problems.append((key, "credentials: \(error.message)"))
            }
        }
        return problems
    }

    private static func credentials(
        _ place: SecretPlace,
        _ environment: [String: String],
        _ files: FileAccess
    ) throws(ValueFault) -> ParentCredentials {
        let text: String
        switch place {
        case .variable(let name):
            guard let value = environment[name], !value.isEmpty else { throw ValueFault("\(name) is not set here") }
            text = value
        case .file(let path):
            let bytes: [UInt8]
            do { bytes = try files.read(path, longest) } catch { throw ValueFault("\(path): \(error.message)") }
            guard let whole = String(validating: bytes, as: UTF8.self) else { throw ValueFault("\(path) is no UTF-8") }
            text = String(whole.split(whereSeparator: \.isNewline).first ?? "")
        }
        guard let credentials = ParentCredentials(parsing: text) else {
            throw ValueFault("\(place) has no USER:PASSWORD in one line")
        }
        return credentials
    }
}
