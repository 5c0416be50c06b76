public import ApusPolicy

/// Everything a ``ProxyServer`` can be told before it starts.
///
/// The defaults serve this machine alone: a listener on loopback, tunnels to port 443, no destination inside private networks.
/// Change what you need and hand the value over; ``validate()`` runs once before the first socket is opened.
public struct ProxyConfiguration: Sendable, Equatable {
    /// What settings are called in texts for people: their keys, unless a command has flags.
    package var settingNames = SettingNames()

    /// The addresses to accept clients on; the default is `127.0.0.1:3128`, Squid's port on loopback only.
    public var listeners: [ListenAddress] = [.standard]

    /// What is said of a listener beside its address: its name, what it speaks, who announces clients there. One that is not here has the
    /// defaults.
    public var listenerOptions: [ListenAddress: ListenerOptions] = [:]

    /// How many threads serve, each with its own listeners, connections and pool; 0 (the default) is one for each core,
    /// as in nginx's `worker_processes auto`.
    public var threads = 0

    /// The user that the `apus` command becomes once its listeners are bound, when it is started as root; nil (the default) stays what it
    /// is. A program that embeds a server has users of its own: ``ProxyServer`` leaves them alone.
    public var user: String?

    /// The ports that CONNECT may reach; 443 by default (RFC 9110 §9.3.6 asks for such a list, Squid's `SSL_ports` is one).
    public var connectPorts: ConnectPorts = .only([443])

    /// Whether destinations on loopback, in private (RFC 1918), unique local and carrier-grade NAT networks may be reached.
    ///
    /// Link-local addresses, metadata services and Apus's own listeners stay closed even so. Off by default.
    public var allowPrivate = false

    /// Networks (`10.1.0.0/16`, `fd00::/8`, a single address) that may be reached although the destination guard says no;
    /// empty by default.
    public var allowTo: [String] = []

    /// Networks whose clients are served on a listener that is not loopback; empty by default, so that such a listener serves
    /// nobody until somebody is named (RFC 9110 §17.2).
    public var allowFrom: [String] = []

    /// The name in Via (RFC 9110 §7.6.3), by which a loop is recognised; nil (the default) is `apus-` and eight random
    /// hexadecimal digits for each server, so that chained servers are never taken for a loop.
    public var viaPseudonym: String?

    /// The proxies that stand between, which routes name; none by default.
    public var parents: [ParentSettings] = []

    /// By which way requests go where no rule says one (`route`); nil (the default) is the direct one. Where it names no direct way and no
    /// parent can be had, nothing is reached.
    public var route: NamedRoute?

    /// What the settings of the default route say, each for itself.
    package var defaultRoute = DefaultRouteSettings()

    /// The name inside a tunnel.
    public var serverNames = ServerNameSettings()

    /// Who has to show credentials.
    public var authentication = AuthenticationSettings()

    /// Sizes and counts.
    public var limits = Limits()

    /// Deadlines.
    public var timeouts = Timeouts()

    /// Name look-ups and how long their answers are kept.
    public var names = NameSettings()

    /// Reading the settings anew.
    public var reload = ReloadSettings()

    /// The access log.
    public var log = LogSettings()

    /// The admin listener.
    public var admin = AdminSettings()

    /// The socket by which the command is steered.
    public var control = ControlPlace.standard

    /// The flight recorder.
    public var recorder = RecorderSettings()

    /// The defaults.
    public init() {}
}
