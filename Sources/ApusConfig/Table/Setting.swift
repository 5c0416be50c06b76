package import Apus

/// One setting: the row from which flag, environment variable, key of a settings file, help and reference page are made.
package struct Setting: Sendable {
    /// How a setting is written.
    package enum Shape: Sendable, Equatable {
        /// One value, shown by this placeholder; given twice, the last one counts.
        case value(String)
        /// Several values, by commas or by repetition.
        case list(String)
        /// Yes or no: `--flag`, `--no-flag`.
        case toggle
    }

    /// Where it stands in the help and on the reference page, in this order.
    package enum Group: String, Sendable, CaseIterable {
        case common = "Common"
        case access = "Who may use it, and what they may reach"
        case parents = "Parent proxies"
        case serverNames = "The name inside a tunnel"
        case log = "Access log"
        case admin = "Metrics, the page, the recorder"
        case timeouts = "Timeouts"
        case limits = "Limits"
        case names = "Name look-ups"
    }

    /// Its key in a settings file, the nesting by dots: `limits.request-line`. Faults of a configuration name it.
    package let key: String
    /// The flag without its dashes: `max-request-line`.
    package let flag: String
    package let group: Group
    package let shape: Shape
    /// One line that says what it does.
    package let help: String
    /// Why the default is what it is, with the precedent.
    package let reason: String
    /// A value that is taken.
    package let example: String
    /// Sets it to what the texts say; a value or toggle is given exactly one.
    package let apply: @Sendable (inout ProxyConfiguration, [String]) throws(ValueFault) -> Void
    /// Its value in a configuration, as it would be written.
    package let show: @Sendable (ProxyConfiguration) -> String
    /// What a shell can offer for it, where its placeholder does not tell.
    var known = KnownValues.any
    /// How a file has it where texts cannot say it; nil where they can.
    var written: @Sendable (ProxyConfiguration) -> String? = { _ in nil }

    /// The variable that sets it: `APUS_MAX_REQUEST_LINE`.
    package var environment: String {
        "APUS_" + String(flag.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// Its value where nobody has set it.
    package var defaultText: String { show(ParsedSettings.standard) }
}

extension Setting {
    /// What stands for its value in texts; empty for a toggle.
    package var placeholder: String {
        switch shape {
        case .value(let name), .list(let name): name
        case .toggle: ""
        }
    }

    /// What a shell can offer for it.
    package var values: KnownValues {
        if known != .any { return known }
        return placeholder == "PATH" || placeholder == "FILE" ? .file : .any
    }

    /// Whether several values may be given.
    package var isList: Bool {
        if case .list = shape { true } else { false }
    }
}
