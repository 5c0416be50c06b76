internal import Apus
internal import ApusPolicy

/// Hours of days as they are written in a rule, `Mon-Fri 08:00-18:00 Europe/Berlin`, with the time zones that this machine knows.
enum ZonedWindow {
    /// Reads a window. A text that names no zone means the machine's own, as cron does.
    static func parse(_ text: String) throws(ValueFault) -> TimeWindow {
        do throws(TimeWindowFault) {
            return try TimeWindow.parse(text, local: LocalZone.read(), zone: zone)
        } catch {
            throw ValueFault(error.description)
        }
    }

    /// A window as a rule has it; the machine's own zone is not named.
    static func describe(_ window: TimeWindow) -> String {
        let text = window.description
        return window.zone.name == LocalZone.name ? String(text.dropLast(LocalZone.name.count + 1)) : text
    }

    private static let folder = "/usr/share/zoneinfo/"

    private static func zone(_ name: String) -> TimeZoneRules? {
        let isShaped = name.utf8.allSatisfy { byte in
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "_+-/".utf8.contains(byte)
        }
        guard isShaped, !name.hasPrefix("/") else { return nil }
        return LocalZone.read(folder + name, name: name)
    }
}
