/// The documentation's page of all keys that make the policy, in Markdown; `scripts/make-reference` writes it.
package enum PolicyReference {
    /// The page, without a line break at its end.
    package static func render() -> String {
        var lines = [
            "# Policy reference", "",
            "Every key of the settings file that makes the policy: where it stands, what it takes, an example.", "",
            "<!-- Written by scripts/make-reference from the table in Sources/ApusConfig/Policy; do not edit. -->", "",
            "## Overview", "",
            "Rules stand in the settings file, in order. The first `allow` or `deny` that matches decides; what no rule allows is denied. A rule",
            "matches when all its conditions hold; of a list one entry is enough. <doc:WriteAPolicy> goes from the first rule to a team's policy,",
            "<doc:Settings> has all other keys of the file, <doc:PolicyDesign> what decides in every detail. `apus help KEY` prints what stands here;",
            "`apus check` says what is wrong in a file, `apus explain` which rule decides about a request.", "",
            "```yaml",
        ]
        lines += HelpPage.policyExample + ["```"]
        for owner in PolicyKey.Owner.allCases {
            lines += ["", "### \(owner.rawValue)"]
            for key in PolicyKey.all where key.owner == owner { lines += section(key) }
        }
        return lines.joined(separator: "\n")
    }

    private static func section(_ key: PolicyKey) -> [String] {
        var lines = ["", "#### \(key.name)", "", "`\(key.name): \(key.value)`"]
        for paragraph in key.meaning { lines += ["", paragraph] }
        return lines + ["", "```yaml"] + key.example + ["```"]
    }
}
