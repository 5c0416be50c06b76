package import ApusPolicy

/// A list of hosts in a file of its own: `ads: { file: hosts.txt, format: hosts, refresh: 1h }`.
package struct ListSource: Sendable, Equatable {
    /// How the file is written.
    package typealias Format = HostListFormat

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
