package import ApusPolicy

/// The time zone of this machine.
package enum LocalZone {
    /// What it is called in settings.
    package static let name = "local"
    /// No zone's file is a hundredth as large.
    private static let largest = 1 << 20

    /// As `/etc/localtime` has it; UTC where it does not say.
    package static func read() -> TimeZoneRules { read("/etc/localtime", name: name) ?? .utc }

    /// The zone of a TZif file; nil where there is none that can be read.
    package static func read(_ path: String, name: String) -> TimeZoneRules? {
        do { return try TimeZoneRules(name: name, tzif: HostFile.read(path, upTo: largest)) } catch { return nil }
    }
}
