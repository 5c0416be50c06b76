/// The commands of `apus`, each with its ``Row``.
package enum Command: String, Sendable, CaseIterable {
    case serve
    case check
    case config
    case explain
    case learn
    case top
    case record
    case status
    case reload
    case drain
    case stop
    case end
    case hashPassword = "hash-password"
    case help

    /// What there is to say of it.
    package var row: Row {
        switch self {
        case .serve: Self.serveRow
        case .check: Self.checkRow
        case .config: Self.configRow
        case .explain: Self.explainRow
        case .learn: Self.learnRow
        case .top: Self.topRow
        case .record: Self.recordRow
        case .status: Self.statusRow
        case .reload: Self.reloadRow
        case .drain: Self.drainRow
        case .stop: Self.stopRow
        case .end: Self.endRow
        case .hashPassword: Self.hashPasswordRow
        case .help: Self.helpRow
        }
    }
}
