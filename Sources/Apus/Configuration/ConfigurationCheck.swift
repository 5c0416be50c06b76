internal import ApusPolicy

/// Gathers what is wrong with a configuration.
struct ConfigurationCheck {
    private(set) var problems: [ConfigurationFault.Problem] = []

    mutating func report(_ key: String, _ message: String) {
        problems.append(.init(key: key, message: message))
    }

    mutating func count(_ value: Int, in range: ClosedRange<Int>, _ key: String) {
        if !range.contains(value) {
            report(key, "\(value) is out of range; it takes \(range.lowerBound) to \(range.upperBound)")
        }
    }

    mutating func span(_ value: Duration, in range: ClosedRange<Duration>, _ key: String) {
        if !range.contains(value) {
            let (least, most) = (range.lowerBound.settingText, range.upperBound.settingText)
            report(key, "\(value.settingText) is out of range; it takes \(least) to \(most)")
        }
    }

    mutating func atMost(_ value: Int, _ limit: Int, _ key: String, of whole: String) {
        if value > limit { report(key, "\(value) is more than \(whole) may have, \(limit)") }
    }
}
