import ApusPolicy
import ApusWire
import Testing

@testable import ApusFlow

@Suite("A fault's hint") struct FaultHintTests {
    @Test("names settings by key, and no flag of a command: whoever embeds a server has none") func keys() {
        for fault in FaultTests.all {
            // `xn--` is no flag.
            let flags = fault.hint.text.split(separator: " ").filter { $0.hasPrefix("--") || $0.hasPrefix("`--") }
            #expect(flags.isEmpty, "\(fault): \(fault.hint)")
        }
        #expect(Fault.timeout(.requestBody).hint.settings == [.requestBodyTimeout, .bodyRate])
        #expect(Fault.lookUp(.singleLabel).hint.text.contains("`names.single-label: dns`"))
        #expect(Fault.refused(.tunnelLimit).hint.settings == [.tunnels])
    }

    @Test("of a deadline that has a setting names it") func deadlines() {
        for fault in TimeoutFault.allCases {
            let settings = Fault.timeout(fault).hint.settings
            #expect(settings.isEmpty == (fault == .requestWrite))
        }
    }

    @Test("whatever exceeds a limit of a request has the setting of that limit") func limits() {
        for fault in RequestFault.allCases {
            let exceeds = fault.status == 414 || fault.status == 431 || fault == .chunkExtensionsTooLong
            #expect((fault.limitSetting != nil) == exceeds)
        }
    }
}
