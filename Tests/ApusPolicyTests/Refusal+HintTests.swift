import ApusPolicy
import Testing

@Suite("hints of refusals")
struct RefusalHintTests {
    @Test(
        "a hint names the settings that would allow it",
        arguments: [
            (Refusal.clientNotAllowed, [SettingKey.allowFrom]), (.connectPort, [.connectPorts]),
            (.loopback, [.allowPrivate, .allowTo]), (.privateUse, [.allowPrivate, .allowTo]),
            (.uniqueLocal, [.allowPrivate, .allowTo]), (.sharedAddressSpace, [.allowPrivate, .allowTo]),
            (.linkLocal, [.allowTo]), (.serverNameMissing, [.sniMissing, .sniDenialsMissing]),
            (.clientHelloTooLarge, [.sniLimit]), (.tunnelLimit, [.tunnels]), (.volumeLimit, []),
        ] as [(Refusal, [SettingKey])]
    )
    func hints(refusal: Refusal, settings: [SettingKey]) {
        #expect(refusal.hint.settings == settings)
    }

    @Test("allow-private is hinted at exactly where it helps, and nothing where nothing helps")
    func honest() {
        for refusal in Refusal.allCases {
            let lifted = [.loopback, .privateUse, .uniqueLocal, .sharedAddressSpace, .singleLabelName].contains(refusal)
            #expect(refusal.hint.settings.contains(.allowPrivate) == lifted)
            let excepted = refusal.addressClass != nil || refusal == .metadata
            #expect(refusal.hint.settings.contains(.allowTo) == excepted)
        }
        for refusal in [Refusal.ownListener, .denied] { #expect(refusal.hint.isEmpty) }
    }

    @Test("no hint names a flag of a command by itself: whoever embeds a server has none")
    func keys() {
        for refusal in Refusal.allCases { #expect(!refusal.hint.text.contains("--"), "\(refusal)") }
        let tunnels = [Hint.tunnel(nil, nil), .tunnel("rule 1", .any), .tunnel("rule 1", .required)]
        for hint in tunnels { #expect(!hint.text.contains("--")) }
    }
}
