internal import Apus
internal import ApusPolicy

/// What protects: rules, networks of clients, users, tokens, keys, the entries of lists.
///
/// A reload never takes the last of any away, for that is what a file does that was emptied, cut short, or is not written yet. A
/// start does, for whoever starts Apus means the settings that are there.
enum Protection {
    /// What there was some of and would be none of, each with what to do; empty where a reload may go on.
    static func lost(from old: ParsedSettings, to new: ParsedSettings) -> [FileFault] {
        guard let path = new.file else { return [] }
        let file = SourcePosition(file: path)
        var lost: [FileFault] = []
        func judge(_ before: Int, _ after: Int, _ place: SourcePosition, _ what: String, _ noun: String) {
            guard before > 0, after == 0 else { return }
            let those = before == 1 ? "the one \(noun) in force stays" : "the \(before) \(noun)s in force stay"
            lost.append(FileFault(place, "\(what), and \(those); write one, or restart Apus to go on without"))
        }
        let rules = new.policy.saysNoRules ? "rules: none" : "there is no rule any more"
        judge(
            old.policy.rules.rules.count,
            new.policy.rules.rules.count,
            file,
            "\(rules): a reload lifts no rules",
            "rule"
        )
        judge(
            old.configuration.allowFrom.count,
            new.configuration.allowFrom.count,
            place(of: "allow-from", new) ?? file,
            "allow-from names no network any more",
            "network"
        )
        let place = place(new.policy.users) ?? file
        judge(passwords(old), passwords(new), place, "users has nobody with a password any more", "user")
        judge(tokens(old), tokens(new), file, "there is no token any more", "token")
        judge(
            old.policy.jwt == nil ? 0 : 1,
            new.policy.jwt == nil ? 0 : 1,
            file,
            "there are no keys of signed tokens any more",
            "set of keys"
        )
        for list in new.policy.lists {
            let before = old.policy.rules.lists[list.name]?.count ?? 0
            let after = new.policy.rules.lists[list.name]?.count ?? 0
            guard before > 0, after == 0 else { continue }
            lost.append(
                FileFault(
                    list.place,
                    "lists.\(list.name): \(list.file) has no entry any more, and the list stays as it was, with \(before); "
                        + "restore the file, or restart Apus to go on without"
                )
            )
        }
        return lost
    }

    private static func passwords(_ settings: ParsedSettings) -> Int { settings.policy.userFile.passwords.count }

    private static func tokens(_ settings: ParsedSettings) -> Int { settings.policy.userFile.tokens.count }

    private static func place(_ users: UserSource?) -> SourcePosition? {
        switch users {
        case .file(_, let place)?: place
        case .inline(let entries)?: entries.first?.place
        case nil: nil
        }
    }

    private static func place(of key: String, _ settings: ParsedSettings) -> SourcePosition? {
        if case .file(let place)? = settings.sources[key] { place } else { nil }
    }
}
