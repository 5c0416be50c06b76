package import ApusPolicy

/// The one table of settings. A new setting is one row here and one property in `ProxyConfiguration`.
package enum Settings {
    /// All rows, sorted by group, in the order of help and reference.
    package static let all: [Setting] =
        access + parents + authentication + serverNames + reload + log + admin + timeouts + limits + names

    /// The flags, as texts name them.
    package static let flagNames = SettingNames(
        Dictionary(
            uniqueKeysWithValues: SettingKey.allCases.compactMap { key in
                named(key: key.rawValue).map { (key, .init("--\($0.flag)", placeholder: $0.placeholder)) }
            }
        )
    )

    /// The row of a flag (without dashes).
    package static func named(flag: String) -> Setting? { all.first { $0.flag == flag } }

    /// The row of a key.
    package static func named(key: String) -> Setting? { all.first { $0.key == key } }
}
