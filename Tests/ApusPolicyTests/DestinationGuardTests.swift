import ApusPolicy
import ApusWire
import Testing

@Suite("the destination guard")
struct DestinationGuardTests {
    /// One address of each class.
    private static let samples: [(text: String, addressClass: AddressClass)] = [
        ("93.184.216.34", .global), ("127.0.0.1", .loopback), ("10.1.2.3", .privateUse), ("fd12::1", .uniqueLocal),
        ("100.64.1.1", .sharedAddressSpace), ("169.254.1.1", .linkLocal), ("0.0.0.0", .unspecified),
        ("0.1.2.3", .thisNetwork), ("224.0.0.1", .multicast), ("255.255.255.255", .broadcast),
        ("192.0.2.1", .documentation), ("198.18.0.1", .benchmarking), ("240.0.0.1", .reserved),
        ("192.0.0.1", .ietfProtocol), ("192.0.0.8", .dummy), ("100::1", .discardOnly), ("fec0::1", .siteLocal),
        ("2002:808:808::1", .sixToFour), ("192.88.99.1", .sixToFourRelay), ("2001::1", .teredo),
        ("64:ff9b:1::1", .translationLocal), ("5f00::1", .segmentRouting),
    ]

    private func address(_ text: String) throws -> IPAddress {
        try #require(IPAddress(text), "\(text)")
    }

    @Test("by itself it lets through what is global and nothing else, on every port")
    func standard() throws {
        #expect(Set(Self.samples.map(\.addressClass)) == Set(AddressClass.allCases))
        for sample in Self.samples {
            for port in [UInt16(0), 22, 80, 443, 3128, .max] {
                let refusal = try DestinationGuard().judge(address(sample.text), port: port)
                #expect(refusal == sample.addressClass.refusal, "\(sample.text)")
            }
        }
    }

    @Test("allowing private destinations lifts loopback, RFC 1918, ULA and CGNAT, in every embedding, and nothing more")
    func allowPrivate() throws {
        let guardian = DestinationGuard(allowPrivate: true)
        let lifted: Set<AddressClass> = [.global, .loopback, .privateUse, .uniqueLocal, .sharedAddressSpace]
        for sample in Self.samples {
            let expected = lifted.contains(sample.addressClass) ? nil : sample.addressClass.refusal
            #expect(try guardian.judge(address(sample.text), port: 80) == expected, "\(sample.text)")
            guard sample.text.contains(".") else { continue }
            for prefix in ["::ffff:", "64:ff9b::"] {
                #expect(try guardian.judge(address(prefix + sample.text), port: 80) == expected, "\(sample.text)")
            }
        }
    }

    @Test("an exception lifts any class, for its own block alone")
    func exceptions() throws {
        for exception in Self.samples {
            let guardian = DestinationGuard(exceptions: [CIDR(try address(exception.text))])
            for sample in Self.samples {
                let expected = sample.text == exception.text ? nil : sample.addressClass.refusal
                #expect(try guardian.judge(address(sample.text), port: 80) == expected)
            }
        }
    }

    @Test("an exception matches the v4-mapped spelling, either way round, but no other embedding")
    func mappedExceptions() throws {
        for exception in ["127.0.0.1", "::ffff:127.0.0.1", "127.0.0.0/8"] {
            let guardian = DestinationGuard(exceptions: [try CIDR(exception)])
            for text in ["127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1"] {
                #expect(try guardian.judge(address(text), port: 80) == nil, "\(text)")
            }
            for text in ["::1", "64:ff9b::127.0.0.1", "::127.0.0.1"] {
                #expect(try guardian.judge(address(text), port: 80) == .loopback, "\(text)")
            }
        }
    }

    @Test("an own listener stays refused whatever is allowed, its other ports do not")
    func ownListener() throws {
        let all = [try CIDR("0.0.0.0/0"), try CIDR("::/0")]
        for text in ["127.0.0.1", "203.0.113.9", "8.8.8.8", "::1", "2a00::1", "::ffff:127.0.0.1"] {
            for allowPrivate in [false, true] {
                let own = [(address: try address(text), port: UInt16(3128))]
                let guardian = DestinationGuard(allowPrivate: allowPrivate, exceptions: all, ownListeners: own)
                #expect(try guardian.judge(address(text), port: 3128) == .ownListener, "\(text)")
                #expect(try guardian.judge(address(text), port: 3129) == nil, "\(text)")
                #expect(try guardian.judge(address("93.184.216.34"), port: 3128) == nil)
            }
        }
    }

    @Test(
        "an own listener is known in every spelling, and as the unspecified address that the system takes for it",
        arguments: [
            "127.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1", "0.0.0.0", "::", "::ffff:0.0.0.0",
        ]
    )
    func spellings(text: String) throws {
        let own = [(address: try address("127.0.0.1"), port: UInt16(3128)), (try address("127.0.0.1"), 9128)]
        let guardian = DestinationGuard(allowPrivate: true, exceptions: [try CIDR("::/0")], ownListeners: own)
        #expect(try guardian.judge(address(text), port: 3128) == .ownListener)
        #expect(try guardian.judge(address(text), port: 9128) == .ownListener)
    }

    @Test(
        "a listener on every address is refused at every interface's address and on all of loopback",
        arguments: ["0.0.0.0", "::"]
    )
    func wildcard(listener: String) throws {
        let guardian = DestinationGuard(
            allowPrivate: true,
            exceptions: [try CIDR("0.0.0.0/0"), try CIDR("::/0")],
            ownListeners: [(address: try address(listener), port: 3128)],
            interfaceAddresses: try ["192.168.1.5", "93.184.216.34", "2a00::5", "fe80::5"].map(address)
        )
        let own = [
            "192.168.1.5", "93.184.216.34", "::ffff:93.184.216.34", "64:ff9b::93.184.216.34", "2a00::5", "fe80::5",
            "127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1",
        ]
        for text in own {
            #expect(try guardian.judge(address(text), port: 3128) == .ownListener, "\(text)")
            #expect(try guardian.judge(address(text), port: 80) == nil, "\(text)")
        }
        for text in ["192.168.1.6", "93.184.216.35", "2a00::6", "10.0.0.1"] {
            #expect(try guardian.judge(address(text), port: 3128) == nil, "\(text)")
        }
    }

    @Test("an interface's address is no listener without a listener on every address")
    func interfaces() throws {
        let guardian = DestinationGuard(
            ownListeners: [(address: try address("127.0.0.1"), port: 3128)],
            interfaceAddresses: [try address("93.184.216.34")]
        )
        #expect(try guardian.judge(address("93.184.216.34"), port: 3128) == nil)
    }

    @Test(
        "a metadata service is closed whatever is allowed in general; a block with its address opens it, a rule's too",
        arguments: MetadataServiceTests.addresses
    )
    func metadata(text: String) throws {
        let address = try address(text)
        let block = CIDR(address)
        #expect(DestinationGuard().judge(address, port: 80) == .metadata)
        #expect(DestinationGuard(allowPrivate: true).judge(address, port: 80) == .metadata)
        #expect(DestinationGuard().judge(address, port: 80, lifting: true) == .metadata)
        #expect(DestinationGuard(exceptions: [try CIDR("10.0.0.0/8")]).judge(address, port: 80) == .metadata)
        #expect(DestinationGuard(allowPrivate: true, exceptions: [block]).judge(address, port: 80) == nil)
        #expect(DestinationGuard().judge(address, port: 80, lifting: false, [block]) == nil)
        let own = DestinationGuard(exceptions: [block], ownListeners: [(address: address, port: 80)])
        #expect(own.judge(address, port: 80) == .ownListener)
    }

    @Test("a metadata service is known inside every address that leads to it")
    func embeddedMetadata() throws {
        for text in MetadataServiceTests.addresses where text.contains(".") {
            for prefix in ["::ffff:", "64:ff9b::", "::"] {
                let address = try address(prefix + text)
                #expect(DestinationGuard(allowPrivate: true).judge(address, port: 80) == .metadata, "\(address)")
            }
        }
    }
}
