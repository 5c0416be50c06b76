internal import ApusReactor

/// The terminal of a program that draws on all of it.
package struct HostTerminal: Sendable {
    /// What a wait has brought.
    package struct Arrival: Sendable {
        /// What was typed.
        package var input: [UInt8]
        /// The size may have changed: draw anew.
        package var isChanged: Bool
        /// A signal asks for the end, or the terminal has gone.
        package var isOver: Bool
        /// Whether something has come from the connection.
        package var isReady: Bool
    }

    private let terminal: Terminal

    /// Takes the terminal over: its other screen, without a cursor, keys as they are typed.
    ///
    /// - Throws: the words of the system when this is no terminal.
    package init() throws(HostFault) {
        do { terminal = try Terminal.enter() } catch { throw HostFault("\(error)") }
        terminal.write(Array("\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J".utf8))
    }

    /// Gives it back as it was.
    package func leave() {
        terminal.write(Array("\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l".utf8))
        terminal.leave()
    }

    /// Columns and rows.
    package var size: (columns: Int, rows: Int) { terminal.size }

    /// Writes all.
    package func write(_ bytes: [UInt8]) { terminal.write(bytes) }

    /// Waits for a key, a signal or the connection.
    package func wait(_ connection: borrowing HostConnection, milliseconds: Int) -> Arrival {
        let arrival = terminal.wait(connection.number, milliseconds: Int32(clamping: milliseconds))
        return Arrival(
            input: arrival.input,
            isChanged: arrival.isChanged,
            isOver: arrival.end != nil || arrival.isGone,
            isReady: arrival.isReady
        )
    }
}
