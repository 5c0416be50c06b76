public import ApusPolicy

/// Which protocols may pass through a tunnel that is allowed.
public struct TunnelFinding: Sendable, Hashable {
    /// What its inside is held against.
    public let measure: ServerNameCheck.Measure
    /// Whether others than TLS pass.
    public let takesAny: Bool
    /// Whether what should not pass does, and is recorded.
    public let isReported: Bool
    /// What would let others pass; nil where they do.
    public let hint: Hint?

    /// Tells it of a tunnel.
    ///
    /// - Parameters:
    ///   - inside: the settings.
    ///   - question: the tunnel, with the address that is connected where that is known.
    ///   - rule: the one that allows it.
    init(_ inside: InsideQuestion, _ question: PolicyQuestion, _ policy: PolicyRules, allowedBy rule: UInt16) {
        measure = inside.measure(question, policy, allowedBy: rule)
        switch measure {
        case .nothing, .hostOrPlain: takesAny = true
        case .rules, .reportingRules: takesAny = inside.check.denials.notTLS == .allow
        case .host, .nothingInTLS, .rulesInTLS: takesAny = false
        }
        isReported = inside.check.mode == .report || measure == .reportingRules
        let known = Int(rule) < policy.rules.count ? policy.rules[Int(rule)] : nil
        var tls: TunnelTLS?
        if case .allow(let permission) = known?.action { tls = permission.tls }
        hint = takesAny ? nil : Hint.tunnel(known.map { "\($0.label(index: Int(rule))), \($0.position)" }, tls)
    }
}
