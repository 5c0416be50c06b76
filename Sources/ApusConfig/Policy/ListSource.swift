package import ApusPolicy

/// A list of hosts in a file of its own: `ads: { file: hosts.txt, format: hosts, refresh: 1h }`.
package struct ListSource: Sendable, Equatable {
    /// How the file is written.
    package enum Format: String, Sendable, CaseIterable {
        /// Lines of an address and names, as in /etc/hosts.
        case hosts
        /// A name a line.
        case domains
        /// Adblock's `||host^` and its exceptions.
        case adblock
        /// A response policy zone.
        case rpz
    }

    /// The name by which rules speak of it.
    package var name: String
    /// The path, from the settings file's folder if it was relative.
    package var file: String
    package var format: Format
    /// How often the file is looked at for a change; nil for at reloads alone.
    package var refresh: Duration?
    /// Where the path stands, for faults of the file.
    package var place: SourcePosition
}
