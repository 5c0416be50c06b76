/// The two ends of a list of slab indices whose links are in a ``LinkTable``.
struct IndexList: Sendable, BitwiseCopyable {
    /// What stands for "no index".
    static let none = UInt32.max

    /// The first index, or ``none``.
    fileprivate(set) var head = none
    /// The last index, or ``none``.
    fileprivate(set) var tail = none
    /// How many indices are in it.
    fileprivate(set) var count: UInt32 = 0
}

/// The links of doubly linked lists over slab indices; an index is in at most one list of a table.
///
/// Beside the slab and not inside its values, so that one implementation serves entries that are in two lists at once.
struct LinkTable: ~Copyable, Sendable {
    private struct Links: Sendable, BitwiseCopyable {
        var previous = IndexList.none
        var next = IndexList.none
    }

    private var chunks: [[Links]] = []

    /// The index behind this one, or `IndexList.none`.
    func next(_ index: UInt32) -> UInt32 { chunks[Int(index >> 10)][Int(index & 1023)].next }

    /// Puts an index that is in no list before all others.
    mutating func pushFront(_ index: UInt32, _ list: inout IndexList) {
        cover(index)
        set(index, Links(previous: IndexList.none, next: list.head))
        if list.head == IndexList.none { list.tail = index } else { setPrevious(list.head, index) }
        list.head = index
        list.count += 1
    }

    /// Puts an index that is in no list behind all others.
    mutating func pushBack(_ index: UInt32, _ list: inout IndexList) {
        cover(index)
        set(index, Links(previous: list.tail, next: IndexList.none))
        if list.tail == IndexList.none { list.head = index } else { setNext(list.tail, index) }
        list.tail = index
        list.count += 1
    }

    /// Takes an index out of the list it is in.
    mutating func remove(_ index: UInt32, _ list: inout IndexList) {
        let links = chunks[Int(index >> 10)][Int(index & 1023)]
        if links.previous == IndexList.none { list.head = links.next } else { setNext(links.previous, links.next) }
        if links.next == IndexList.none { list.tail = links.previous } else { setPrevious(links.next, links.previous) }
        list.count -= 1
    }

    private mutating func set(_ index: UInt32, _ links: Links) {
        chunks[Int(index >> 10)][Int(index & 1023)] = links
    }

    private mutating func setNext(_ index: UInt32, _ next: UInt32) {
        chunks[Int(index >> 10)][Int(index & 1023)].next = next
    }

    private mutating func setPrevious(_ index: UInt32, _ previous: UInt32) {
        chunks[Int(index >> 10)][Int(index & 1023)].previous = previous
    }

    private mutating func cover(_ index: UInt32) {
        while chunks.count <= Int(index >> 10) { chunks.append([Links](repeating: Links(), count: 1 << 10)) }
    }
}
