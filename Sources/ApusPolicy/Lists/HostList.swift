/// A named list of hosts, such as those of an advertisement blocker: exact names, whole domains, and exceptions to both.
///
/// It is made by ``HostListFormat/read(_:)`` or from entries, and never changes then. A look-up hashes the host once, from its
/// right end, and compares every suffix that is listed byte by byte; it allocates nothing.
///
/// Two lists are equal that hold the same names in the same ways, in the order in which they were read.
public struct HostList: Sendable, Equatable {
    /// Which entry decides where an exception and a listed domain both cover a host.
    public enum Precedence: Sendable, Hashable {
        /// The exception, whatever else is listed: as in filter lists.
        case exception
        /// The entry with the longest name; of two for the same name the exception: as in response policy zones.
        case nearest
    }

    private var table: NameTable
    private let precedence: Precedence

    /// Makes a list without entries.
    public init(precedence: Precedence = .exception) {
        self.init(precedence: precedence, key: .process)
    }

    init(precedence: Precedence, key: SuffixHash.Key) {
        self.precedence = precedence
        table = NameTable(key: key)
    }

    /// Makes a list of names, each of which stands for itself alone; what is no host name is left out.
    public init(names: some Sequence<String>) {
        self.init(entries: names.lazy.map { HostListEntry($0, .name) })
    }

    /// Makes a list of entries; what is no host name is left out.
    public init(entries: some Sequence<HostListEntry>, precedence: Precedence = .exception) {
        var reading = HostListReading(precedence: precedence)
        for entry in entries {
            let name = Array(entry.name.utf8)
            reading.add(name.span, 0..<name.count, entry.marks, line: 0)
        }
        self = reading.list
    }

    /// How many names it holds; a name that is listed in several ways counts once.
    public var count: Int { table.count }

    /// Whether the list holds the host.
    ///
    /// - Parameter host: in lower case, without trailing dot, brackets and port.
    public func contains(_ host: Span<UInt8>) -> Bool {
        let match = match(host)
        return match.offset != 0 && !match.isException
    }

    /// The entry that decides about a host, for those who want to know why: an exception if it is taken out, nil if nothing
    /// speaks of it. An entry that was read as two, for the name and for what is under it, comes back as the one that matched.
    public func entry(deciding host: Span<UInt8>) -> HostListEntry? {
        let match = match(host)
        guard match.offset != 0 else { return nil }
        let name = table.name(at: match.offset)
        let marks = table.marks(at: match.offset)
        let isException = match.isException
        guard !marks.isSuperset(of: HostListEntry.Scope.nameAndUnder.marks(isException: isException)) else {
            return HostListEntry(name, .nameAndUnder, isException: isException)
        }
        return HostListEntry(name, name.utf8.count == host.count ? .name : .under, isException: isException)
    }

    mutating func insert(_ bytes: Span<UInt8>, _ range: Range<Int>, _ marks: NameTable.Marks) -> Bool {
        table.insert(bytes, range, marks)
    }

    /// The record that decides, 0 if there is none.
    private struct Match {
        var offset = 0
        var isException = false
    }

    private func match(_ host: Span<UInt8>) -> Match {
        var match = Match()
        var hash = SuffixHash(table.key)
        var index = host.count
        while index > 0 {
            index &-= 1
            let byte = host[index]
            if byte == 0x2e {
                let offset = table.find(hash.suffix(), host, from: index &+ 1)
                if offset != 0, judge(offset, .under, .exceptUnder, &match) { return match }
            }
            hash.take(byte)
        }
        let offset = table.find(hash.suffix(), host, from: 0)
        if offset != 0 { _ = judge(offset, .name, .exceptName, &match) }
        return match
    }

    /// Takes a record that covers the host into account, behind those with shorter names; true if nothing can change it any more.
    private func judge(
        _ offset: Int,
        _ listed: NameTable.Marks,
        _ excepted: NameTable.Marks,
        _ match: inout Match
    ) -> Bool {
        let marks = table.marks(at: offset)
        if marks.contains(excepted) {
            match = Match(offset: offset, isException: true)
            return precedence == .exception
        }
        if marks.contains(listed) { match = Match(offset: offset, isException: false) }
        return false
    }
}
