internal import CApusReactor
internal import Glibc

/// What the process was given and how it speaks and ends: the system calls of a command-line program.
package enum ProcessCalls {
    /// The environment as it is now; what is no valid UTF-8 is repaired, a name given twice keeps its first value.
    package static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if let equals = line.firstIndex(of: "=") {
                let name = String(line[..<equals])
                if variables[name] == nil { variables[name] = String(line[line.index(after: equals)...]) }
            }
            entry += 1
        }
        return variables
    }

    /// Takes variables out of the environment, so that no child inherits them; before there are other threads, which may read it.
    package static func unset(_ names: [String]) {
        for name in names { _ = unsetenv(name) }
    }

    /// How large a page of memory is, in bytes: 4,096 on most machines, more on some.
    package static var pageSize: Int { max(1, sysconf(Int32(_SC_PAGESIZE))) }

    /// Whether the descriptor is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// How many characters a line of the terminal has; nil where the descriptor is none, or the terminal does not know.
    package static func terminalColumns(_ descriptor: Int32) -> Int? {
        var (columns, rows): (Int32, Int32) = (0, 0)
        return apus_terminal_size(descriptor, &columns, &rows) == 0 ? Int(columns) : nil
    }

    /// Writes all of the text, waiting where it must; a descriptor that takes no more is given up quietly.
    package static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
                if count > 0 {
                    sent += count
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }

    /// Waits for the end of the process.
    package static func park() -> Never {
        // Signals are handled here too, and end the call.
        while true { _ = pause() }
    }

    /// The own process id.
    package static var processID: Int32 { getpid() }

    /// Ends the process at once with this status.
    package static func exit(_ status: Int32) -> Never { Glibc.exit(status) }

    /// Ends the process with this status in so many milliseconds, whatever hangs; nothing is waited for but that time.
    package static func exit(_ status: Int32, inMilliseconds milliseconds: UInt32) {
        do throws(SocketError) {
            try ReactorThread.start(name: "apus-end") {
                usleep(milliseconds * 1000)
                apus_end_now(status)
            }
        } catch {
            apus_end_now(status)
        }
    }
}
