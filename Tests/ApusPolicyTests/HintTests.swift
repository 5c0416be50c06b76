import ApusPolicy
import Testing

@Suite("A hint")
struct HintTests {
    private let names = SettingNames([
        .allowTo: .init("--allow-to", placeholder: "CIDR"), .sniMode: .init("--sni", placeholder: "MODE"),
        .allowPrivate: .init("--allow-private", placeholder: ""),
    ])

    @Test("names settings by their keys, or as whoever runs the proxy calls them")
    func texts() {
        let host = "a.example"
        let hint: Hint =
            "\(.allowTo, showsValue: true), \(.allowTo) or \(.sniMode, "report") for \(host); \(.tunnels) stays."
        #expect(hint.text == "`allow-to`, `allow-to` or `sni.mode: report` for a.example; `limits.tunnels` stays.")
        #expect(hint.description == hint.text)
        #expect(
            hint.text(names) == "--allow-to CIDR, --allow-to or --sni report for a.example; `limits.tunnels` stays."
        )
        #expect(hint.settings == [.allowTo, .allowTo, .sniMode, .tunnels])
        let toggle: Hint = "\(.allowPrivate, showsValue: true)"
        #expect(toggle.text(names) == "--allow-private")
    }

    @Test("of nothing is empty")
    func empty() {
        let (none, some): (Hint, Hint) = ("", "Try again.")
        #expect(none.isEmpty && none.text.isEmpty && none.settings.isEmpty)
        #expect(!some.isEmpty && some.text == "Try again." && some == "Try again.")
    }
}
