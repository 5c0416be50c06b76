/// Whom a rule speaks of: one entry of `user`.
public enum UserPattern: Sendable, Hashable {
    /// `all`: whoever has shown valid credentials.
    case anyone
    /// `anna`: this user.
    case user(String)
    /// `group:ops`: the users of a group.
    case group(String)
}

extension UserPattern: CustomStringConvertible {
    /// As it is written in a policy file.
    public var description: String {
        switch self {
        case .anyone: "all"
        case .user(let name): name
        case .group(let name): "group:\(name)"
        }
    }
}
