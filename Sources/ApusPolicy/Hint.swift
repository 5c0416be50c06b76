/// What would help, in a sentence that may name settings. Whoever reads it knows them by a name of their own: see ``settings``.
public struct Hint: Sendable, Hashable, ExpressibleByStringInterpolation {
    fileprivate enum Part: Hashable {
        case words(String)
        case setting(SettingKey, showsValue: Bool)
        case value(SettingKey, String)
    }

    /// Collects what a literal is made of; `\(.allowTo)` is a setting.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        fileprivate var parts: [Part] = []

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { parts.append(.words(literal)) }
        }

        /// A text that is none of a setting.
        public mutating func appendInterpolation(_ words: String) { parts.append(.words(words)) }

        /// A setting; `showsValue` shows behind a flag what stands for its value.
        public mutating func appendInterpolation(_ key: SettingKey, showsValue: Bool = false) {
            parts.append(.setting(key, showsValue: showsValue))
        }

        /// A setting with a value that it should have.
        public mutating func appendInterpolation(_ key: SettingKey, _ value: String) {
            parts.append(.value(key, value))
        }
    }

    private let parts: [Part]

    public init(stringLiteral value: String) { parts = value.isEmpty ? [] : [.words(value)] }

    public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    /// Whether nothing would help.
    public var isEmpty: Bool { parts.isEmpty }

    /// The settings that it names, in order.
    public var settings: [SettingKey] {
        parts.compactMap { part in
            switch part {
            case .words: nil
            case .setting(let key, _), .value(let key, _): key
            }
        }
    }

    /// The sentence, with settings by their keys.
    public var text: String { text(SettingNames()) }

    /// The sentence, with settings as somebody calls them.
    package func text(_ names: SettingNames) -> String {
        parts.map { part in
            switch part {
            case .words(let words): words
            case .setting(let key, let showsValue): names.text(key, showsValue: showsValue)
            case .value(let key, let value): names.text(key, value: value)
            }
        }.joined()
    }
}

extension Hint: CustomStringConvertible {
    /// The sentence, with settings by their keys.
    public var description: String { text }
}
