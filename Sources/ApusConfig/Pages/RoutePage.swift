internal import Apus
internal import ApusPolicy

/// Parents and the default route in a few lines, for who checks a file.
enum RoutePage {
    /// A line for each parent, and one for the default; none without parents.
    ///
    /// - Parameter reached: the names of those that were connected to.
    static func lines(_ configuration: ProxyConfiguration, reached: Set<String>) -> [String] {
        guard !configuration.parents.isEmpty else { return [] }
        let parents = configuration.parents.map { parent in
            let given = configuration.connectsByName(parent) ? "names" : "addresses"
            let credentials = parent.credentials == nil ? "" : ", shown credentials"
            let live = reached.contains(parent.name) ? ", reached" : ""
            return "parent \(parent.name): \(parent.url), given \(given)\(credentials)\(live)"
        }
        guard let route = configuration.route else {
            return parents + ["route: direct, where no rule says another way"]
        }
        let bypass = BypassText.describe(configuration.routes.bypass)
        let direct = bypass.isEmpty ? "" : "; directly: \(bypass.joined(separator: ", "))"
        return parents + ["route: \(route)\(direct)"]
    }

    /// The same as members of a JSON object, each with a comma in front; empty without parents.
    static func json(_ configuration: ProxyConfiguration, reached: Set<String>) -> String {
        guard !configuration.parents.isEmpty else { return "" }
        let parents = configuration.parents.map { parent in
            let given = configuration.connectsByName(parent) ? "name" : "address"
            let live = reached.contains(parent.name) ? ",\"reached\":true" : ""
            return
                "{\"name\":\(JSONText.quoted(parent.name)),\"url\":\(JSONText.quoted(parent.url)),\"connect_by\":\"\(given)\"\(live)}"
        }
        let hops = (configuration.route ?? .direct).hops.map(JSONText.quoted).joined(separator: ",")
        let bypass = BypassText.describe(configuration.routes.bypass).map(JSONText.quoted).joined(separator: ",")
        return ",\"parents\":[\(parents.joined(separator: ","))],\"route\":[\(hops)],\"bypass\":[\(bypass)]"
    }
}
