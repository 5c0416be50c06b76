import ApusPolicy
import ApusWire
import Testing

@Suite("the guard by name")
struct DestinationGuardNamesTests {
    private func judge(
        _ name: String,
        _ guarding: DestinationGuard = DestinationGuard(),
        lifting: Bool = false,
        _ blocks: [String] = []
    ) throws -> Refusal? {
        let bytes = Array(name.utf8)
        return guarding.judge(name: bytes.span, lifting: lifting, try blocks.map { try CIDR($0) })
    }

    @Test(
        "what can only lead inwards is refused before anybody looks it up",
        arguments: [
            ("localhost", Refusal.loopback), ("LocalHost.", .loopback), ("a.localhost", .loopback),
            ("a.b.LOCALHOST", .loopback),
            ("intranet", .singleLabelName), ("wiki.", .singleLabelName), ("x", .singleLabelName),
            ("metadata.google.internal", .metadata), ("METADATA.GOOGLE.INTERNAL.", .metadata), ("metadata", .metadata),
            ("metadata.goog", .metadata), ("instance-data", .metadata), ("instance-data.ec2.internal", .metadata),
            ("metadata.tencentyun.com", .metadata), ("metadata.platformequinix.com", .metadata),
        ]
    )
    func refused(_ name: String, _ refusal: Refusal) throws {
        #expect(try judge(name) == refusal)
    }

    @Test(
        "every other name may go",
        arguments: [
            "a.example", "a.example.", "localhost.example", "notlocalhost.example", "metadata.google.internal.example",
            "xmetadata.goog", "metadata.googx", "metadata.example", "a.invalid",
        ]
    )
    func passed(_ name: String) throws {
        #expect(try judge(name) == nil)
    }

    @Test("what opens private networks, for all or by the rule, opens localhost and one label, and no metadata")
    func lifted() throws {
        for name in ["localhost", "a.localhost", "intranet"] {
            #expect(try judge(name, DestinationGuard(allowPrivate: true)) == nil && judge(name, lifting: true) == nil)
        }
        for name in ["metadata", "metadata.google.internal"] {
            #expect(try judge(name, DestinationGuard(allowPrivate: true)) == .metadata)
            #expect(try judge(name, lifting: true) == .metadata)
        }
    }

    @Test("a block opens the name of what is in it, of the setting as of the rule")
    func blocks() throws {
        func opens(_ block: String, _ name: String) throws -> Bool {
            let guarding = DestinationGuard(exceptions: [try CIDR(block)])
            let (setting, rule) = (try judge(name, guarding), try judge(name, DestinationGuard(), [block]))
            #expect((setting == nil) == (rule == nil))
            return setting == nil
        }
        #expect(try opens("127.0.0.0/8", "localhost") && opens("::1", "localhost") && !opens("10.0.0.0/8", "localhost"))
        #expect(try opens("169.254.169.254", "metadata.goog") && !opens("127.0.0.0/8", "metadata.goog"))
        // No other block is known to hold what the parent would find.
        #expect(try opens("0.0.0.0/0", "intranet") && opens("::/0", "intranet") && !opens("10.0.0.0/8", "intranet"))
    }
}
