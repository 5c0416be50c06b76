/// How the trailer section of a chunked body can be wrong (RFC 9112 §7.1.2; its lines are field lines, §5).
public enum TrailerFault: UInt8, Sendable, CaseIterable {
    /// The section, with its empty line, exceeds the limit.
    case tooLarge
    /// A line without a colon, or a name that is not a token.
    case malformedFieldName
    /// White space between the name and the colon.
    case spaceBeforeColon
    /// A control character in a value.
    case malformedFieldValue
    /// A line that begins with white space (obs-fold, RFC 9112 §5.2).
    case obsoleteFolding
    /// A CR that no LF follows.
    case bareCR
    /// An LF that no CR precedes.
    case bareLF

    /// What it means when it was a client that sent the body.
    public var requestFault: RequestFault { self == .tooLarge ? .trailersTooLarge : .malformedTrailer }

    /// What it means when it was a server that sent the body.
    public var responseFault: ResponseFault { self == .tooLarge ? .trailersTooLarge : .malformedTrailer }
}
