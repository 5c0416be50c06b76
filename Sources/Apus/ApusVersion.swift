/// The version of this library and of the `apus` command.
public enum ApusVersion {
    /// By semver.org; `CHANGELOG.md` says what changed, and packages bear the same. It ends in `-dev` between two releases.
    public static let current = "0.2.0"
}
