internal import Apus
internal import FoundationEssentials

/// What the system says of this process, as Prometheus' client libraries name it.
struct ProcessFigures {
    var cpuSeconds: Double?
    var residentBytes: UInt64?
    var virtualBytes: UInt64?
    var openDescriptors: Int?
    var maxDescriptors: UInt64?
    var threads: UInt64?
    /// Since 1970.
    var startSeconds: Double?

    /// Reads `/proc/self`; what is not there stays nil.
    static func current() -> ProcessFigures {
        var figures = ProcessFigures()
        // The second field is the command's name in parentheses, which may hold spaces and parentheses.
        if let stat = text("/proc/self/stat"), let end = stat.lastIndex(of: ")") {
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            figures.read(fields.map(String.init))
        }
        figures.openDescriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map {
            max(0, $0.count - 1)
        }
        for line in (text("/proc/self/limits") ?? "").split(separator: "\n") where line.hasPrefix("Max open files") {
            figures.maxDescriptors = line.split(separator: " ").dropFirst(3).first.flatMap { UInt64($0) }
        }
        return figures
    }

    /// The fields of `/proc/PID/stat` from the third on.
    private mutating func read(_ fields: [String]) {
        func number(_ place: Int) -> UInt64? { place - 3 < fields.count ? UInt64(fields[place - 3]) : nil }
        // The kernel shows its ticks as hundredths of a second, whatever it counts by (proc_pid_stat(5)).
        if let user = number(14), let system = number(15) { cpuSeconds = Double(user + system) / 100 }
        threads = number(20)
        virtualBytes = number(23)
        residentBytes = number(24).map { $0 * UInt64(HostProcess.pageSize) }
        if let start = number(22), let boot = ProcessFigures.boot() { startSeconds = boot + Double(start) / 100 }
    }

    /// When the system was booted, in seconds since 1970.
    private static func boot() -> Double? {
        for line in (text("/proc/stat") ?? "").split(separator: "\n") where line.hasPrefix("btime ") {
            return Double(line.dropFirst(6))
        }
        return nil
    }

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
