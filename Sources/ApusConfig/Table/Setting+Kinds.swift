internal import Apus

/// Settings by the kind of their value.
extension Setting {
    typealias Path<Value> = any WritableKeyPath<ProxyConfiguration, Value> & Sendable

    /// A size in bytes; `zero` is shown in place of 0.
    static func size(
        _ key: String,
        _ flag: String,
        _ path: Path<Int>,
        _ group: Group,
        help: String,
        reason: String,
        example: String,
        zero: String = "0"
    ) -> Setting {
        Setting(
            key: key,
            flag: flag,
            group: group,
            shape: .value("SIZE"),
            help: help,
            reason: reason,
            example: example,
            apply: { (configuration, texts) throws(ValueFault) in
                configuration[keyPath: path] = try ByteSize.parse(try single(texts))
            },
            show: { $0[keyPath: path] == 0 ? zero : ByteSize.describe($0[keyPath: path]) }
        )
    }

    /// A whole number; `zero` is shown in place of 0.
    static func count(
        _ key: String,
        _ flag: String,
        _ path: Path<Int>,
        _ group: Group,
        help: String,
        reason: String,
        example: String,
        zero: String = "0"
    ) -> Setting {
        Setting(
            key: key,
            flag: flag,
            group: group,
            shape: .value("N"),
            help: help,
            reason: reason,
            example: example,
            apply: { (configuration, texts) throws(ValueFault) in
                configuration[keyPath: path] = try Count.parse(try single(texts))
            },
            show: { $0[keyPath: path] == 0 ? zero : "\($0[keyPath: path])" }
        )
    }

    /// A span of time.
    static func time(
        _ key: String,
        _ flag: String,
        _ path: Path<Duration>,
        _ group: Group = .timeouts,
        help: String,
        reason: String,
        example: String
    ) -> Setting {
        Setting(
            key: key,
            flag: flag,
            group: group,
            shape: .value("TIME"),
            help: help,
            reason: reason,
            example: example,
            apply: { (configuration, texts) throws(ValueFault) in
                configuration[keyPath: path] = try TimeSpan.parse(try single(texts))
            },
            show: { TimeSpan.describe($0[keyPath: path]) }
        )
    }

    /// Yes or no.
    static func toggle(
        _ key: String,
        _ flag: String,
        _ path: Path<Bool>,
        _ group: Group,
        help: String,
        reason: String,
        example: String = "true"
    ) -> Setting {
        Setting(
            key: key,
            flag: flag,
            group: group,
            shape: .toggle,
            help: help,
            reason: reason,
            example: example,
            apply: { (configuration, texts) throws(ValueFault) in
                configuration[keyPath: path] = try Switch.parse(try single(texts))
            },
            show: { $0[keyPath: path] ? "on" : "off" }
        )
    }

    /// One of a few words.
    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String,
        _ flag: String,
        _ path: Path<Choice>,
        _ group: Group,
        placeholder: String,
        help: String,
        reason: String,
        example: String
    ) -> Setting {
        Setting(
            key: key,
            flag: flag,
            group: group,
            shape: .value(placeholder),
            help: help,
            reason: reason,
            example: example,
            apply: { (configuration, texts) throws(ValueFault) in
                let text = try single(texts)
                guard let choice = Choice(rawValue: text) else {
                    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValueFault("\"\(text)\" is unknown; it takes \(words)")
                }
                configuration[keyPath: path] = choice
            },
            show: { $0[keyPath: path].rawValue },
            known: .words(Choice.allCases.map(\.rawValue))
        )
    }

    /// A list of networks.
    static func networks(
        _ key: String,
        _ flag: String,
        _ path: Path<[String]>,
        _ group: Group,
        help: String,
        reason: String,
        example: String
    ) -> Setting {
        Setting(
            key: key,
            flag: flag,
            group: group,
            shape: .list("CIDR"),
            help: help,
            reason: reason,
            example: example,
            apply: { (configuration, texts) throws(ValueFault) in
                for text in texts {
                    _ = try NetworkText.parse(text)
                }
                configuration[keyPath: path] = texts
            },
            show: { $0[keyPath: path].isEmpty ? "none" : $0[keyPath: path].joined(separator: ",") }
        )
    }

    /// A text, as it stands; `absent` is shown where there is none.
    static func text(
        _ key: String,
        _ flag: String,
        _ path: Path<String?>,
        _ group: Group,
        placeholder: String,
        help: String,
        reason: String,
        example: String,
        absent: String
    ) -> Setting {
        Setting(
            key: key,
            flag: flag,
            group: group,
            shape: .value(placeholder),
            help: help,
            reason: reason,
            example: example,
            apply: { (configuration, texts) throws(ValueFault) in
                configuration[keyPath: path] = try single(texts)
            },
            show: { $0[keyPath: path] ?? absent }
        )
    }

    private static func single(_ texts: [String]) throws(ValueFault) -> String {
        guard let text = texts.last else { throw ValueFault("a value is missing") }
        return text
    }
}
