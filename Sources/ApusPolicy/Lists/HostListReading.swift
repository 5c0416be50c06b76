import ApusWire

/// What came of reading a list: the list, and how much of the file went into it.
///
/// A fault in a line never spoils the rest: the line is left out, and counted.
public struct HostListReading: Sendable {
    /// How many faults are told with their lines.
    public static let mostFaults = 20

    /// The list.
    public private(set) var list: HostList
    /// How many names were left out, or lines from which no name could be taken. Blank lines, comments and what is not about
    /// hosts at all (element hiding, the SOA of a zone) are not counted.
    public private(set) var skipped = 0
    /// On how many lines something was left out.
    public private(set) var skippedLines = 0
    /// The first of what was left out, at most ``mostFaults``.
    public private(set) var faults: [HostListFault] = []

    /// How many names the list holds; a name that was read several times counts once.
    public var entries: Int { list.count }

    /// The line on which something was left out last.
    private var lastLine = 0

    init(precedence: HostList.Precedence = .exception) {
        list = HostList(precedence: precedence)
    }

    /// Takes a name if it is one; a trailing dot goes, letters become lower case.
    mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>, _ marks: NameTable.Marks, line: Int) {
        if let fault = HostName.check(bytes, range) {
            skip(.name(fault), line: line)
            return
        }
        let isKept = list.insert(bytes, HostName.withoutTrailingDot(bytes, range), marks)
        if !isKept { skip(.tooLong, line: line) }
    }

    /// Counts what is left out.
    mutating func skip(_ reason: HostListFault.Reason, line: Int) {
        skipped += 1
        if line != lastLine { skippedLines += 1 }
        lastLine = line
        if faults.count < Self.mostFaults { faults.append(HostListFault(line: line, reason: reason)) }
    }
}
