internal import ApusReactor

/// The process that a command runs in: its environment, its two outputs, its end.
package enum HostProcess {
    /// Where a text goes.
    package enum Output: Int32, Sendable {
        case standard = 1
        case error = 2

        /// Whether it is a terminal.
        package var isTerminal: Bool { ProcessCalls.isTerminal(rawValue) }

        /// How many characters a line of it has; nil where it is no terminal, or one that does not know.
        package var columns: Int? { ProcessCalls.terminalColumns(rawValue) }

        /// Writes a text and a line break.
        package func write(line: String) { ProcessCalls.write(line + "\n", to: rawValue) }
    }

    /// The time of day.
    package static func secondsSince1970() -> Int64 { SystemInfo.unixMicroseconds() / 1_000_000 }

    /// A time that only ever grows.
    package static func monotonicMilliseconds() -> Int { Int(SystemInfo.monotonicMicroseconds() / 1000) }

    /// The number of this process.
    package static var identifier: Int32 { ProcessCalls.processID }

    /// How large a page of memory is, in bytes.
    package static var pageSize: Int { ProcessCalls.pageSize }

    /// The environment's variables by name.
    package static func environment() -> [String: String] { ProcessCalls.environment() }

    /// The environment's variables by name, without those that a service manager means for this process alone from now on.
    package static func takeEnvironment() -> [String: String] {
        let variables = environment()
        ProcessCalls.unset(ServiceVariables.names)
        return variables
    }

    /// Has this thread do nothing any more, until the process ends.
    package static func park() -> Never { ProcessCalls.park() }

    /// Ends the process with this exit status.
    package static func exit(_ status: Int32) -> Never { ProcessCalls.exit(status) }

    /// Ends the process with this exit status in so many milliseconds, if it has not come to its end by then, whatever hangs.
    package static func exit(_ status: Int32, inMilliseconds milliseconds: UInt32) {
        ProcessCalls.exit(status, inMilliseconds: milliseconds)
    }
}
