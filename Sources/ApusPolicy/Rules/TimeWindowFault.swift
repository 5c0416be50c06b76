/// Why a text is no ``TimeWindow``.
public struct TimeWindowFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Kind: Sendable, Hashable {
        /// Neither days nor hours are named.
        case empty
        /// Not a day of the week, nor days joined by `-` and commas.
        case days
        /// Not hours such as `08:00-18:00`.
        case hours
        /// More than one stretch of hours.
        case severalHours
        /// No such time zone.
        case zone
        /// Something behind the time zone.
        case tail
    }

    /// The text as it was given.
    public let text: String
    /// The part that is wrong.
    public let part: String
    /// What is wrong.
    public let kind: Kind

    /// One sentence: what is wrong and what is expected.
    public var description: String {
        let expected =
            switch kind {
            case .empty: "names no days and no hours: expected such as “Mon-Fri 08:00-18:00 Europe/Berlin”"
            case .days:
                "is no day of the week: expected Mon, Tue, Wed, Thu, Fri, Sat, Sun, as in Mon-Fri or Mon,Wed,Fri"
            case .hours:
                "is no stretch of hours: expected two times from 00:00 to 24:00 joined by “-”, as in 08:00-18:00"
            case .severalHours: "are several stretches of hours: write a window for each"
            case .zone: "is no time zone that this machine knows: expected such as Europe/Berlin, UTC or +02:00"
            case .tail: "is too much: nothing follows the time zone"
            }
        return part.isEmpty ? "“\(text)” \(expected)" : "“\(part)” in “\(text)” \(expected)"
    }
}
