package import ApusPolicy

/// What is said of an address that a request may be served by: by the rules, and then by the ports of CONNECT and the guard.
package struct AddressVerdict: Sendable, Hashable, BitwiseCopyable {
    /// What the rules say, asked with this address where they depend on one.
    package let decision: Decision
    /// Why it may not be dialled; nil if it may.
    package let refusal: Refusal?

    /// What was said.
    package init(_ decision: Decision, _ refusal: Refusal?) {
        self.decision = decision
        self.refusal = refusal
    }

    /// The same, but that this speaks against the address too.
    package func refused(for refusal: Refusal?) -> AddressVerdict { AddressVerdict(decision, self.refusal ?? refusal) }
}
