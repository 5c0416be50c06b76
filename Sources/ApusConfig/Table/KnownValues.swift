/// What a shell can offer where a value is to be typed.
package enum KnownValues: Sendable, Equatable {
    /// Nothing: it is a number, a name, an address.
    case any
    /// These words; others may be taken too.
    case words([String])
    /// Names of files.
    case file
    /// Names of folders.
    case folder
    /// What `apus help` knows.
    case topic
}
