package import ApusPolicy

/// What settings say of the default route one by one, before they are laid together as ``ProxyConfiguration/parents`` and
/// ``ProxyConfiguration/route``.
package struct DefaultRouteSettings: Sendable, Equatable {
    /// Which parent.
    package enum Parent: Sendable, Equatable {
        /// The one of a URL.
        case url(ParentSettings)
        /// The one that the environment names for clients.
        case environment
    }

    /// The parent without a name of its own (`parent`).
    package var parent: Parent?
    /// What does not go to it (`parent-bypass`).
    package var bypass: [HostPattern] = []
    /// Where its credentials stand (`parent-credentials`).
    package var credentials: SecretPlace?
    /// The hops of the default route (`route`); empty where nobody says them.
    package var hops: [String] = []
    /// How they share what goes by them (`balance`).
    package var balance = RouteBalance.inOrder

    package init() {}

    /// What the parent of a URL is called, and that of the environment.
    package static let urlName = "parent"
    package static let environmentName = "env"

    /// What the parent is called that is to be had.
    package var name: String? {
        switch parent {
        case .url?: Self.urlName
        case .environment?: Self.environmentName
        case nil: nil
        }
    }
}
