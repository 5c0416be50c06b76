/// Finds the first rule that covers another one, without holding each against all: whichever does takes any of its hosts.
struct CoverFinder {
    /// Of each rule, in order.
    let covers: [ConditionCover]
    private var anyHost: [Int] = []
    private var networks: [Int] = []
    private var names: [String: [Int]] = [:]
    private var suffixes: [String: [Int]] = [:]
    private var lists: [String: [Int]] = [:]

    /// Takes the conditions of all rules; only those that may cover others are found.
    init(_ covers: [ConditionCover], among mayCover: [Bool]) {
        self.covers = covers
        for (rule, cover) in covers.enumerated() where mayCover[rule] {
            if cover.takesEveryHost {
                anyHost.append(rule)
                continue
            }
            if !cover.networks.isEmpty { networks.append(rule) }
            for name in cover.names { names[name, default: []].append(rule) }
            for name in cover.suffixes { suffixes[name, default: []].append(rule) }
            for name in cover.lists { lists[name, default: []].append(rule) }
        }
    }

    /// The first rule in front of one that covers it.
    func first(covering rule: Int) -> Int? {
        let cover = covers[rule]
        let found = [anyHost, candidates(cover)].compactMap { candidates in
            candidates.first { $0 < rule && covers[$0].covers(cover) }
        }
        return found.min()
    }

    /// The rules that take one of the hosts, in order.
    private func candidates(_ cover: ConditionCover) -> [Int] {
        if cover.takesEveryHost { return [] }
        if let list = cover.lists.first { return lists[list] ?? [] }
        if !cover.networks.isEmpty { return networks }
        guard let name = cover.names.first ?? cover.suffixes.first else { return [] }
        let same = (cover.names.isEmpty ? suffixes : names)[name] ?? []
        let above = ConditionCover.parents(of: name).flatMap { suffixes[$0] ?? [] }
        return (same + above).sorted()
    }
}
