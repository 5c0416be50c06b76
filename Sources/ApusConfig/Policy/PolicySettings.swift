package import ApusPolicy

/// What a settings file says of the policy, and of whom it speaks.
package struct PolicySettings: Sendable {
    /// The rules with their places, groups, contact and mode; lists are in it once ``loadLists(_:_:_:)`` has read them.
    package var rules = PolicyRules()
    /// Whether the file says `rules: none`: everything is to be allowed that the guard and the ports of CONNECT let through.
    package var saysNoRules = false
    /// The parents (`parents`), in the order of the file.
    package var parents: [ParentSource] = []
    /// The lists (`lists`), in the order of the file.
    package var lists: [ListSource] = []
    /// On how many lines of each list something was left out, once they are read.
    package var skippedLines: [String: Int] = [:]
    /// The users and their passwords' hashes (`users`); nil if there are none.
    package var users: UserSource?
    /// Hashed bearer tokens (`tokens`).
    package var tokens: [TokenEntry] = []
    /// Signed tokens of an issuer (`jwt`).
    package var jwt: TokenIssuer?
    /// The users and tokens of all these with their hashes, once ``loadUsers(_:_:_:)`` has read them.
    package var userFile = UserFile()

    package init() {}

    /// Whether it holds nothing back: no rule, and nobody to know.
    package var isEmpty: Bool { rules.rules.isEmpty && !hasCredentials }

    /// Whether there is a way to show who one is.
    package var hasCredentials: Bool { users != nil || !tokens.isEmpty || jwt != nil }
}
