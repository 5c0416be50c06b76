internal import Apus
internal import ApusReport

/// How it is, in words that a person acts on: `health` of the interface.
struct HealthReport: Sendable {
    private let server: ProxyServer
    private var occupancy: Occupancy?
    private var warnings: [String] = []

    init(_ server: ProxyServer) { self.server = server }

    /// Whether it is not known yet how near the caps are: it is to look again soon.
    var isOpen: Bool { occupancy == nil }

    /// Looks at what takes a while: counting descriptors takes a folder's listing.
    mutating func look(_ settings: SettingsInForce.Report?) {
        let found = server.occupancy
        // Before it runs there is nothing to be near to.
        occupancy = found.mostDescriptors > 0 ? found : nil
        warnings = Array((settings?.warnings ?? []).prefix(HealthReport.mostWarnings))
    }

    /// The object, of now.
    func json(_ traffic: Traffic) -> [UInt8] {
        let rules = server.currentRules
        let reloads = traffic.reloads
        let state = server.isDraining ? "draining" : server.isReady ? "serving" : "starting"
        let since = server.drainingSince
        return JSONWriter.object { json in
            json.text("state", state)
            json.text("draining_since", since.map { Moment.text($0 * 1_000_000) })
            json.text("settings_since", reloads.inForceSince.map { Moment.text($0 * 1_000_000) })
            json.truth("report_only", rules.isReportOnly)
            json.object("reload") { json in
                json.number("succeeded_total", reloads.succeeded)
                json.number("failed_total", reloads.failed)
                json.text("at", reloads.lastAt.map { Moment.text($0 * 1_000_000) })
                json.truth("succeeded", reloads.hasLastSucceeded)
                json.text("fault", reloads.fault)
            }
            caps(&json)
            json.array("warnings", of: warnings.map { JSONWriter.string($0) })
        }
    }

    /// How many warnings are told each second.
    private static let mostWarnings = 5

    private func caps(_ json: inout JSONWriter) {
        guard let occupancy else { return json.raw("caps", nil) }
        let caps: [(StaticString, Int, Int)] = [
            ("clients", occupancy.clients, occupancy.mostClients),
            ("tunnels", occupancy.tunnels, occupancy.mostTunnels),
            ("descriptors", occupancy.descriptors, occupancy.mostDescriptors),
        ]
        json.object("caps") { json in
            for (name, used, most) in caps {
                json.object(name) { json in
                    json.number("used", used)
                    if most > 0 { json.number("most", most) } else { json.raw("most", nil) }
                }
            }
        }
    }
}
