/// The clients that linger and have all of their answer, those who do so longest first: where places are short, they give way.
///
/// By their indices; to add, to remove and to ask takes the same time however many there are.
package struct LingerList: ~Copyable, Sendable {
    private enum Membership: UInt8, Sendable, BitwiseCopyable {
        case none, counted, excess
    }

    private var links = LinkTable()
    private var counted = IndexList()
    private var excess = IndexList()
    private var members: [Membership] = []

    /// Nobody.
    package init() {}

    /// Who has lingered longest; one of those who hold a place among the clients that the caps bound, if there is any.
    package var first: UInt32? { firstCounted ?? (excess.count > 0 ? excess.head : nil) }

    /// Who has lingered longest of those who hold a place among the clients that the caps bound.
    package var firstCounted: UInt32? { counted.count > 0 ? counted.head : nil }

    /// A client lingers, and has all of its answer; one that is listed already keeps its turn.
    ///
    /// - Parameter isCounted: whether it holds a place among the clients that the caps bound.
    package mutating func add(_ client: UInt32, isCounted: Bool) {
        let place = Int(client)
        while members.count <= place { members.append(.none) }
        guard members[place] == .none else { return }
        members[place] = isCounted ? .counted : .excess
        if isCounted { links.pushBack(client, &counted) } else { links.pushBack(client, &excess) }
    }

    /// A client is gone; one that did not linger is let be.
    package mutating func remove(_ client: UInt32) {
        let place = Int(client)
        guard place < members.count else { return }
        switch members[place] {
        case .none: return
        case .counted: links.remove(client, &counted)
        case .excess: links.remove(client, &excess)
        }
        members[place] = .none
    }
}
