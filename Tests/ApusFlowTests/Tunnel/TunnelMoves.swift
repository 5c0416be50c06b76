import ApusFlow
import ApusPolicy
import ApusTesting

/// The events of a tunnel that speak of refusals and of what comes before the relay.
extension Move where Machine == Tunnel {
    /// A policy that is now in force denies it.
    static var refused: Move { Move("refused") { $0.refused() } }
    /// A volume is used up.
    static var usedUp: Move { Move("usedUp") { $0.usedUp() } }
    /// A part of a ClientHello has come.
    static var helloBegan: Move { Move("helloBegan") { $0.helloBegan() } }
    /// The ClientHello may pass.
    static var helloPassed: Move { Move("helloPassed") { $0.helloPassed() } }
    /// The ClientHello may not pass.
    static func helloRefused(_ refusal: Refusal) -> Move {
        Move("helloRefused(\(refusal))") { $0.helloRefused(refusal) }
    }
}
