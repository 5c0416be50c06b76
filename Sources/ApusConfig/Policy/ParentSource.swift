package import Apus
package import ApusPolicy

/// A parent as a settings file names it.
package struct ParentSource: Sendable {
    /// What it is; its credentials are read later.
    package var settings: ParentSettings
    /// Where its name stands.
    package let place: SourcePosition
}
