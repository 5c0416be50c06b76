/// How long a test waits for what must come: far longer than any machine needs, so that no test fails because its machine is slow.
///
/// It is spent only where something is at fault.
public enum Patience {
    /// For one thing.
    public static let limit: Duration = .seconds(300)
}
