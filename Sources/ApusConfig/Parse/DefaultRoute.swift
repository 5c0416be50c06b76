internal import Apus
internal import ApusPolicy

/// The settings of the default route, which may come from several places, laid together.
extension ParsedSettings {
    /// Makes the parents and the default route of what the settings say; answers what does not fit, each with the key of its setting.
    mutating func layRoutes(_ environment: [String: String]) -> [(key: String, message: String)] {
        let settings = configuration.defaultRoute
        var problems: [(key: String, message: String)] = []
        do throws(ValueFault) {
            if let parent = try parent(settings, environment) { configuration.parents.append(parent) }
        } catch {
            problems.append(("parent", error.message))
            return problems
        }
        var hops = settings.hops
        if let name = settings.name, !hops.contains(name) {
            let (parent, route) = (rank("parent"), rank("route"))
            if !hops.isEmpty, parent == route {
                problems.append(
                    (
                        "route",
                        "parent says where requests go by default, and so does this, without it; write \(name) into the route, or leave one "
                            + "of them out"
                    )
                )
            }
            if hops.isEmpty || parent > route { hops = [name] }
        }
        // The direct way alone is what there is without a route.
        if hops == [NamedRoute.directName] { hops = [] }
        configuration.route = hops.isEmpty ? nil : NamedRoute(hops, balance: settings.balance)
        return problems
    }

    private mutating func parent(_ settings: DefaultRouteSettings, _ environment: [String: String]) throws(ValueFault)
        -> ParentSettings?
    {
        var parent: ParentSettings
        switch settings.parent {
        case nil: return nil
        case .url(let given)?: parent = given
        case .environment?:
            let found = try ParentEnvironment(environment)
            parent = found.parent
            if !found.strange.isEmpty {
                warnings.append(
                    FileFault(
                        SourcePosition(),
                        "parent: env: NO_PROXY has entries that are no host and take none: \(found.strange.joined(separator: ", "))"
                    )
                )
            }
        }
        parent.bypass += settings.bypass
        if let place = settings.credentials {
            parent.credentialsPlace = place
            parent.credentials = nil
        }
        return parent
    }

    /// What goes before what: a flag, a variable, the file.
    private func rank(_ key: String) -> Int {
        switch sources[key] ?? .standard {
        case .standard, .serviceManager: 0
        case .file: 1
        case .variable: 2
        case .flag: 3
        }
    }
}
