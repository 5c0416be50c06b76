/// The version of this library and of the `apus` command.
public enum ApusVersion {
    /// By semver.org; `CHANGELOG.md` says what changed.
    public static let current = "0.1.0-dev"
}
