/// A place among the tunnels that ``ClientCaps`` bounds, of a request that is to become one. A tunnel that stands has one for its life, and keeps
/// nothing of it.
struct TunnelPlace: BitwiseCopyable, Equatable {
    /// No place.
    static let none = TunnelPlace(isHeld: false)
    /// One that is counted.
    static let counted = TunnelPlace(isHeld: true)

    private var isHeld: Bool

    private init(isHeld: Bool) { self.isHeld = isHeld }

    /// Takes it, to be given back or to become a tunnel's; what it leaves is none.
    mutating func take() -> TunnelPlace {
        defer { self = .none }
        return self
    }
}
