internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import Logging
internal import Synchronization

/// What the threads of one server share: immutable, or made for many threads.
final class SharedState: Sendable {
    /// What threads begin with, and were last told to work by: changed and told under its lock, so that all are told in the same order.
    let newest: Mutex<WorkerSettings>
    let caps: ClientCaps
    let throttle: ClientThrottle
    let verifications: Verifications
    /// What the policy's limits have counted; it outlives the policy.
    let usage: SharedUsage
    let resolver: Resolver
    /// One mailbox a thread.
    let mail: [Mailbox<WorkerMessage>]
    let log: Logger
    let access: AccessLog?
    let observer: ProxyServer.Observer?
    let denials = PolicyDenials()
    let reloads = Mutex(Reloads())
    let lastAnswers = LastAnswers()
    let top = TopBoard()
    private let pageAddress = Mutex<ListenAddress?>(nil)
    let recorder: ProxyConfiguration.RecorderSettings
    /// What settings are called in texts.
    let settingNames: SettingNames
    /// How many bits of an IPv6 address name one client.
    let clientBits: UInt8
    /// By which the owners of idle connections are told apart.
    let ownerKey: SipHash.Key
    /// How the descriptors are shared out.
    let plan: DescriptorPlan
    let shortages = Shortages()
    let ownFaults: OwnFaults
    let ownDials = OwnDials()
    /// Which threads turn their loop.
    let turns: Turns
    /// Whether anybody reads records.
    let observes: Bool

    init(
        settings: WorkerSettings,
        plan: DescriptorPlan,
        caps: ClientCaps,
        throttle: ClientThrottle,
        usage: SharedUsage,
        resolver: Resolver,
        mail: [Mailbox<WorkerMessage>],
        log: Logger,
        access: AccessLog?,
        observer: ProxyServer.Observer?,
        recorder: ProxyConfiguration.RecorderSettings,
        ownFaults: OwnFaults,
        hashKeys: HashKeys
    ) {
        newest = Mutex(settings)
        self.plan = plan
        self.caps = caps
        self.throttle = throttle
        ownerKey = hashKeys.owners
        verifications = Verifications(
            keys: hashKeys.credentials,
            known: settings.userEntries,
            lifetime: settings.userLifetime,
            bits: settings.configuration.limits.clientBits,
            throttle: throttle,
            mail: mail
        )
        self.usage = usage
        self.resolver = resolver
        self.mail = mail
        turns = Turns(mail.count)
        self.log = log
        self.access = access
        self.observer = observer
        self.recorder = recorder
        settingNames = settings.configuration.settingNames
        self.ownFaults = ownFaults
        clientBits = settings.configuration.limits.clientBits
        observes = access != nil || observer != nil
    }

    /// Gives a record to those who read it.
    func observe(_ record: AccessRecord) {
        access?.write(record)
        observer?(record)
    }

    /// Whether the log alone reads records, and as JSON.
    var takesQuickLines: Bool { observer == nil && access?.isJSON == true }

    /// Where this machine finds the admin page; nil where there is none.
    var page: String? { pageAddress.withLock { $0 }.map { "http://\(StartLines.local($0))/" } }

    /// The admin page is there.
    func serves(page address: ListenAddress) { pageAddress.withLock { $0 = address } }

    /// Has all credentials verified again.
    func forgetUsers() { tell(.forgetUsers(verifications.forget())) }

    /// Keeps everybody from reaching addresses of this process.
    func protect(_ addresses: [ListenAddress]) {
        let own = addresses.compactMap(\.own)
        guard !own.isEmpty else { return }
        newest.withLock { newest in
            newest.rules.destinations.ownListeners += own
            tell(.settings(newest, endsDenied: false, users: nil))
        }
    }

    /// Tells all threads.
    func tell(_ message: WorkerMessage) {
        for box in mail { box.post(message) }
    }
}
