package import ApusWire

/// The addresses at which a cloud answers its machines, credentials among the answers.
///
/// Most are in ranges that are private or link-local, one is public. None is a destination that somebody means who allows private
/// networks, so that only a block that is named opens them. Names such as `metadata.google.internal` need no list: they lead to
/// one of these, and the address is what is judged.
package enum MetadataService {
    /// Whether an address is one of them; an IPv4 address inside an IPv6 one is to be unwrapped before.
    package static func contains(_ address: IPAddress) -> Bool {
        address.family == .v4
            ? containsIPv4(UInt32(truncatingIfNeeded: address.low)) : containsIPv6(address.high, address.low)
    }

    /// The addresses that stand for the names of such services where a block is to open them.
    package static let nameAddresses = [
        IPAddress(v4: 0xa9fe_a9fe), IPAddress(v6High: 0xfd20_00ce_0000_0000, low: 0x254),
    ]

    /// Whether a name is one that a cloud gives to its service: they lead to one of the addresses above where they are looked up here, and to
    /// the parent's own cloud where it looks them up.
    ///
    /// - Parameter range: without a trailing dot.
    package static func isName(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for name in names where isSame(name, bytes, range) { return true }
        return false
    }

    private static let names: [StaticString] = [
        // cloud.google.com/compute/docs/metadata/querying-metadata
        "metadata", "metadata.goog", "metadata.google.internal",
        // docs.aws.amazon.com/AWSEC2/latest/UserGuide: the name of 169.254.169.254 within a VPC's DNS.
        "instance-data", "instance-data.ec2.internal",
        // www.tencentcloud.com/document/product/213/4934
        "metadata.tencentyun.com",
        // deploy.equinix.com/developers/docs/metal/server-metadata/metadata
        "metadata.platformequinix.com", "metadata.packet.net",
    ]

    private static func isSame(_ name: StaticString, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard name.utf8CodeUnitCount == range.count else { return false }
        var index = range.lowerBound
        for byte in name.description.utf8 {
            if HostName.lowercased(bytes[index]) != byte { return false }
            index += 1
        }
        return true
    }

    private static func containsIPv4(_ bits: UInt32) -> Bool {
        switch bits {
        // 168.63.129.16, Azure's host agent (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
        case 0xa83f_8110: true
        // 169.254.169.254, all large clouds (docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html,
        // cloud.google.com/compute/docs/metadata/querying-metadata, learn.microsoft.com/azure/virtual-machines/instance-metadata-service).
        case 0xa9fe_a9fe: true
        // 169.254.170.2, tasks of Amazon ECS (docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html).
        case 0xa9fe_aa02: true
        // 169.254.170.23, pods of Amazon EKS (docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html).
        case 0xa9fe_aa17: true
        // 169.254.42.42, Scaleway (docs.cloud-init.io/en/latest/reference/datasources/scaleway.html).
        case 0xa9fe_2a2a: true
        // 100.100.100.200, Alibaba Cloud (docs.cloud-init.io/en/latest/reference/datasources/aliyun.html).
        case 0x6464_64c8: true
        // 192.0.0.192, Oracle Cloud Classic (docs.oracle.com/en/cloud/iaas/compute-iaas-cloud).
        case 0xc000_00c0: true
        default: false
        }
    }

    private static func containsIPv6(_ high: UInt64, _ low: UInt64) -> Bool {
        switch high {
        // fd20:ce::254, Google Cloud (cloud.google.com/compute/docs/metadata/querying-metadata).
        case 0xfd20_00ce_0000_0000: low == 0x254
        // fd00:c1::a9fe:a9fe, Oracle Cloud (docs.oracle.com/iaas/Content/Compute/Tasks/gettingmetadata.htm).
        case 0xfd00_00c1_0000_0000: low == 0xa9fe_a9fe
        // fd00:42::42, Scaleway (docs.cloud-init.io/en/latest/reference/datasources/scaleway.html).
        case 0xfd00_0042_0000_0000: low == 0x42
        // fd00:a9fe:a9fe::1, Akamai (docs.cloud-init.io/en/latest/reference/datasources/akamai.html).
        case 0xfd00_a9fe_a9fe_0000: low == 1
        // fd00:100::100:200, Alibaba Cloud (docs.cloud-init.io/en/latest/reference/datasources/aliyun.html).
        case 0xfd00_0100_0000_0000: low == 0x0100_0200
        // fe80::a9fe:a9fe, OpenStack (specs.openstack.org/openstack/neutron-specs/specs/ussuri/metadata-add-ipv6-support.html).
        case 0xfe80_0000_0000_0000: low == 0xa9fe_a9fe
        // fd00:ec2::/32: ::254 metadata, ::23 credentials of pods, ::253 DNS, ::123 time
        // (docs.aws.amazon.com/whitepapers/latest/ipv6-on-aws/supporting-amazon-vpc-services.html).
        default: high >> 32 == 0xfd00_0ec2
        }
    }
}
