internal import Apus

/// A parent as a settings file has it.
enum ParentText {
    /// `{ url: http://proxy.example:8080, credentials: env:OFFICE, bypass: [.corp.example] }`; nothing of a secret.
    static func describe(_ parent: ParentSettings) -> String {
        let usual = ParentSettings(name: "", host: "", port: 1)
        var parts = ["url: \(YAMLText.scalar(parent.url))"]
        if let place = parent.credentialsPlace {
            parts.append("credentials: \(YAMLText.scalar(place.description))")
        } else if parent.credentials != nil {
            parts.append("credentials: \(EffectiveSettings.hidden)")
        }
        if !parent.bypass.isEmpty { parts.append("bypass: \(YAMLText.list(BypassText.describe(parent.bypass)))") }
        if let connectBy = parent.connectBy { parts.append("connect-by: \(connectBy.rawValue)") }
        if parent.timeout != usual.timeout { parts.append("timeout: \(TimeSpan.describe(parent.timeout))") }
        if parent.health != usual.health {
            let health = parent.health
            parts.append(
                "health: { failures: \(health.failures), back-off: \(TimeSpan.describe(health.backOff)), "
                    + "probe: \(TimeSpan.describe(health.probe)) }"
            )
        }
        return "{ \(parts.joined(separator: ", ")) }"
    }
}
