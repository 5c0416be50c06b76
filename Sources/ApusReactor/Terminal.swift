internal import CApusReactor
internal import Glibc

/// The terminal that a program was started from, and the signals that concern it.
package struct Terminal: Sendable {
    /// What a wait has brought.
    package struct Arrival: Sendable {
        /// What was typed.
        package var input: [UInt8] = []
        /// Whether the terminal itself has gone.
        package var isGone = false
        /// The size may have changed, or the program was stopped and goes on: draw anew.
        package var isChanged = false
        /// The signal that asks for the end: INT, TERM, HUP or QUIT.
        package var end: Int32?
        /// Whether the other descriptor can be read.
        package var isReady = false
    }

    private static let input: Int32 = 0
    private static let output: Int32 = 1
    private let signals: Int32

    /// Takes the terminal over: bytes come as they are typed, and signals are told by ``wait(_:milliseconds:)``.
    ///
    /// - Throws: what the system says when input or output is no terminal.
    package static func enter() throws(SocketError) -> Terminal {
        guard isatty(output) == 1 else { throw SocketError(code: ENOTTY) }
        let watched = [SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCONT]
        let signals = apus_watch_signals(watched, Int32(watched.count))
        guard signals >= 0 else { throw SocketError(code: -signals) }
        let code = apus_terminal_enter(input)
        guard code >= 0 else { throw SocketError(code: -code) }
        apus_ignore_broken_pipe()
        return Terminal(signals: signals)
    }

    /// Gives the terminal back as it was; safe to call twice.
    package func leave() { apus_terminal_leave(Terminal.input) }

    /// Columns and rows; 80 and 24 where the terminal does not know.
    package var size: (columns: Int, rows: Int) {
        var (columns, rows): (Int32, Int32) = (0, 0)
        guard apus_terminal_size(Terminal.output, &columns, &rows) == 0 else { return (80, 24) }
        return (Int(columns), Int(rows))
    }

    /// Waits for a key, a signal or another descriptor (-1 for none), at most so many milliseconds.
    package func wait(_ other: Int32, milliseconds: Int32) -> Arrival {
        var arrival = Arrival()
        let numbers = [Terminal.input, signals, other]
        var ready = [UInt8](repeating: 0, count: 3)
        guard apus_wait_readable(numbers, 3, &ready, milliseconds) > 0 else { return arrival }
        var bytes = [UInt8](repeating: 0, count: 1024)
        if ready[1] != 0 {
            let count = max(apus_read(signals, &bytes, bytes.count), 0)
            for number in bytes.prefix(count).map(Int32.init) {
                switch number {
                case SIGWINCH: arrival.isChanged = true
                case SIGCONT:
                    // A shell has set its own modes meanwhile.
                    apus_terminal_leave(Terminal.input)
                    _ = apus_terminal_enter(Terminal.input)
                    arrival.isChanged = true
                default: arrival.end = number
                }
            }
        }
        if ready[0] != 0 {
            let count = apus_read(Terminal.input, &bytes, bytes.count)
            arrival.input = Array(bytes.prefix(max(count, 0)))
            // Nothing to read alone is no end: the kernel drops what was typed when the modes are set.
            arrival.isGone = count <= 0 && ready[0] > 1
        }
        arrival.isReady = ready[2] != 0
        return arrival
    }

    /// Writes all, waiting where it must.
    package func write(_ bytes: [UInt8]) {
        ProcessCalls.write(String(decoding: bytes, as: UTF8.self), to: Terminal.output)
    }
}
