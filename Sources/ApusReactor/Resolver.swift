internal import CApusReactor
import Glibc

/// Looks up names by getaddrinfo on a few threads of its own, for all reactor threads of a server.
///
/// Those who ask take turns, and each has a bounded number of look-ups under way, so that nobody's silent name servers stop
/// the look-ups of others. Threads start with the first requests, never more than the settings say; they are detached, and a
/// running call cannot be cancelled, so nothing ever waits for them: the process may exit at any time, and a resolver that
/// is let go ends its threads as their calls return and answers nothing that still waits. It does not join requests for the
/// same name by itself, and keeps no answers.
public final class Resolver: Sendable {
    /// Does one look-up; blocks its thread. Replaceable, so that names can be scripted.
    public typealias LookUp = @Sendable (String) -> Result<[ResolvedAddress], LookUpError>

    private let core: ResolverCore

    /// Makes a resolver without a thread.
    ///
    /// - Parameter lookUp: nil for the system's, as the settings say.
    public init(_ settings: ResolverSettings = ResolverSettings(), lookUp: LookUp? = nil) {
        core = ResolverCore(settings, lookUp ?? Resolver.systemLookUp(singleLabel: settings.singleLabel))
    }

    deinit { core.stop() }

    /// How many threads run now.
    public var threadCount: Int { core.threadCount }

    /// How many requests wait, for a thread or for their asker's turn.
    public var queuedCount: Int { core.queuedCount }

    /// Looks up a name.
    ///
    /// - Parameters:
    ///   - name: The name in ASCII; one that is empty or holds a NUL, where C would cut it, is not found.
    ///   - ticket: A number that comes back with the answer; no other request of this source under way has the same.
    ///   - source: Which reactor thread asks.
    ///   - asker: For whom: the look-ups of one are bounded, and all have their turns.
    ///   - deliver: Is given the answer once, on a thread of the resolver, or on this one before the call returns where
    ///     nothing was looked up (`queueFull`, a refused name, no thread to be had). It must not block.
    public func resolve(
        _ name: String,
        ticket: UInt64,
        source: Int = 0,
        for asker: ResolvedAddress = Resolver.anybody,
        deliver: @escaping @Sendable (ResolverAnswer) -> Void
    ) {
        guard !name.isEmpty, !name.utf8.contains(0) else {
            return deliver(ResolverAnswer(ticket: ticket, result: .failure(.notFound)))
        }
        let work = LookUpWork(name: name, ticket: ticket, deliver: deliver)
        core.enqueue(LookUpQueue.ID(source: UInt32(truncatingIfNeeded: source), ticket: ticket), work, for: asker)
    }

    /// Somebody else waits for a look-up under way: if it still waits, it runs when it is the turn of either.
    public func join(ticket: UInt64, source: Int, for asker: ResolvedAddress) {
        core.join(LookUpQueue.ID(source: UInt32(truncatingIfNeeded: source), ticket: ticket), for: asker)
    }

    /// How long a look-up has been running on its thread; nil while it waits for one, and when it is over.
    public func runningTime(ticket: UInt64, source: Int) -> Duration? {
        core.runningTime(LookUpQueue.ID(source: UInt32(truncatingIfNeeded: source), ticket: ticket))
    }

    /// Who asks when nobody is told from others.
    public static let anybody = ResolvedAddress(high: 0, low: 0, isV6: false)

    /// The system's look-up, of the name as it is written.
    ///
    /// No search list completes a name: `host.corp` would become `host.corp.example` behind the back of whoever judged it. An appended
    /// dot would do that too, but the hosts file does not know names with one.
    public static func systemLookUp(singleLabel: SingleLabelNames) -> LookUp {
        { name in
            guard singleLabel == .hostsFile, isSingleLabel(name) else { return addresses(of: name) }
            switch FileContents.read("/etc/hosts", upTo: HostsFile.largest) {
            case .bytes(let bytes):
                let addresses = HostsFile.addresses(of: name, in: bytes)
                return addresses.isEmpty ? .failure(.singleLabel) : .success(addresses)
            case .missing: return .failure(.singleLabel)
            case .tooLarge: return .failure(.other(EFBIG))
            case .failed: return .failure(LookUpError(EAI_SYSTEM, errno))
            case .changing: return .failure(.tryAgain)
            }
        }
    }

    /// Whether it is a name without a dot, one at its end aside. An IPv6 address is none.
    private static func isSingleLabel(_ name: String) -> Bool {
        !name.utf8.dropLast().contains(UInt8(ascii: ".")) && !name.utf8.contains(UInt8(ascii: ":"))
    }

    /// By getaddrinfo: both families, in the order of RFC 6724, without duplicates.
    ///
    /// AI_ADDRCONFIG is not set. It does not count loopback addresses, so that on a machine, or in a container, with
    /// IPv4 on its interface and IPv6 on loopback only, a name that `/etc/hosts` gives `::1` is not found. What it
    /// would spare is little: an address without a route is sorted last, and fails at once when dialled.
    private static func addresses(of name: String) -> Result<[ResolvedAddress], LookUpError> {
        let prepared = apus_begin_look_up()
        guard prepared == 0 else { return .failure(LookUpError(EAI_SYSTEM, -prepared)) }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        // One entry an address, not one for each type of socket.
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        // Where no socket could be had, the C library says that the name server has no answer for now, and errno why.
        errno = 0
        let code = getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else { return .failure(LookUpError(code, errno)) }
        defer { freeaddrinfo(list) }
        var addresses: [ResolvedAddress] = []
        var entry = list
        // A bound on what a hostile name server can make us compare; far more than are ever dialled.
        while let current = entry, addresses.count < 64 {
            if let address = ResolvedAddress(current.pointee), !addresses.contains(address) {
                addresses.append(address)
            }
            entry = current.pointee.ai_next
        }
        return addresses.isEmpty ? .failure(.notFound) : .success(addresses)
    }
}

extension LookUpError {
    /// From getaddrinfo's code, and errno where that says why.
    init(_ code: Int32, _ systemError: Int32) {
        // EAI_NODATA and EAI_ADDRFAMILY are GNU extensions that the Glibc module does not show.
        let (noData, addressFamily): (Int32, Int32) = (-5, -9)
        switch code {
        case EAI_MEMORY: self = .exhausted
        case EAI_AGAIN where SocketError(code: systemError).isExhaustion: self = .exhausted
        case EAI_SYSTEM where SocketError(code: systemError).isExhaustion: self = .exhausted
        case EAI_NONAME, noData, addressFamily: self = .notFound
        case EAI_AGAIN: self = .tryAgain
        case EAI_SYSTEM: self = .other(systemError)
        default: self = .other(code)
        }
    }
}

extension ResolvedAddress {
    /// From one entry of getaddrinfo's list; nil for another family.
    fileprivate init?(_ entry: addrinfo) {
        guard let address = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            let bits = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
            self.init(high: 0, low: UInt64(UInt32(bigEndian: bits)), isV6: false)
        case AF_INET6:
            let v6 = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self)
            let (high, low) = withUnsafeBytes(of: v6.sin6_addr) { bytes in
                (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low), isV6: true)
        default:
            return nil
        }
    }
}
