/// How a file lists hosts; each is read by a pure function over the file's bytes.
///
/// In all of them lines end with LF or CRLF, a byte order mark at the start is passed over, letters become lower case, one
/// trailing dot goes. A name that is not ASCII is left out: lists are to write it as `xn--` labels (RFC 5891).
public enum HostListFormat: String, Sendable, Hashable, CaseIterable {
    /// Hosts files: an address, whatever it is, then names, each of which stands for itself alone; `#` begins a comment. The
    /// names that such files give to the machine itself are passed over: `localhost`, `broadcasthost`, `ip6-allnodes`.
    case hosts
    /// A name a line; `#` begins a comment, and so do `!`, `;` and `//` at the start of a line.
    ///
    /// A plain name stands for itself and everything under it, for that is what the makers of such lists mean, who leave out
    /// what a listed domain covers. So does `.example.org`, the form of Squid and of `no_proxy`. `*.example.org` stands for what
    /// is under it, not for the name itself, as in a policy file.
    case domains
    /// Filter lists: `||host^` is a host and everything under it, `||*.host^` only what is under it, and `@@` before either an
    /// exception, which beats them all.
    ///
    /// `$important`, `$all` and `$match-case` change nothing here. A filter with any other option, with a path, a port or a
    /// wildcard is left out: it is not meant for all requests to the host. Comments and element hiding are passed over.
    case adblock
    /// Response policy zones in the form of zone files: `name CNAME .` is that name, `*.name CNAME .` what is under it.
    ///
    /// Refused are the actions NXDOMAIN (`.`), NODATA (`*.`), `rpz-drop.`, and the addresses that lead nowhere, `0.0.0.0`, `::`
    /// and loopback. `rpz-passthru.` and the older form, a CNAME to the name itself, are exceptions. The longest name decides.
    /// Names are relative to `$ORIGIN`; the zone is the SOA's owner, or the first origin. Other triggers and actions are left out.
    case rpz

    /// Reads a file.
    ///
    /// - Parameter bytes: the whole of it.
    public func read(_ bytes: Span<UInt8>) -> HostListReading {
        switch self {
        case .hosts: HostsFile.read(bytes)
        case .domains: DomainsFile.read(bytes)
        case .adblock: AdblockFile.read(bytes)
        case .rpz: PolicyZone.read(bytes)
        }
    }

    /// Reads a file from an array, as ``read(_:)-(Span<UInt8>)`` does.
    public func read(_ bytes: [UInt8]) -> HostListReading { read(bytes.span) }
}
