internal import CApusReactor
internal import Glibc

/// What the shell must know of the machine and cannot ask for itself.
public enum SystemInfo {
    /// The time of day, in microseconds since 1970.
    public static func unixMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// The monotonic clock, in microseconds: the one that service managers compare.
    public static func monotonicMicroseconds() -> UInt64 { apus_now_us() }

    /// The machine's name; empty when it has none.
    public static func hostName() -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
            guard let start = name.baseAddress, gethostname(start, 255) == 0 else { return "" }
            name[255] = 0
            return String(cString: start)
        }
    }

    /// How many processors this process may use.
    public static func processors() -> Int {
        max(1, Int(apus_processors()))
    }

    /// The IP addresses of all interfaces, with port 0.
    public static func interfaceAddresses() -> [SocketAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var addresses: [SocketAddress] = []
        var next = first
        while let entry = next {
            if let address = entry.pointee.ifa_addr { append(address, to: &addresses) }
            next = entry.pointee.ifa_next
        }
        return addresses
    }

    private static func append(_ address: UnsafeMutablePointer<sockaddr>, to addresses: inout [SocketAddress]) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { v4 in
                addresses.append(SocketAddress(v4: UInt32(bigEndian: v4.pointee.sin_addr.s_addr), port: 0))
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { v6 in
                withUnsafeBytes(of: &v6.pointee.sin6_addr) { bytes in
                    let high = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                    let low = bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                    addresses.append(SocketAddress(high: high, low: low, port: 0))
                }
            }
        default: break
        }
    }
}
