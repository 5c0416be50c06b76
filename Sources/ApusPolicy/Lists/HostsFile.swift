import ApusWire

/// The reader of ``HostListFormat/hosts``.
enum HostsFile {
    /// The names that hosts files give to the machine and to groups of its neighbours; a list that held `localhost` would
    /// refuse what no maker of a list means.
    private static let own: [[UInt8]] = [
        "localhost", "localhost.localdomain", "localhost4", "localhost4.localdomain4", "localhost6",
        "localhost6.localdomain6", "local", "broadcasthost", "ip6-localhost", "ip6-loopback", "ip6-localnet",
        "ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters", "ip6-allhosts", "0.0.0.0",
    ].map { Array($0.utf8) }

    static func read(_ bytes: Span<UInt8>) -> HostListReading {
        var reading = HostListReading()
        var lines = TextLines()
        while let line = lines.next(bytes) {
            let text = TextLines.part(bytes, line, before: Ascii.hash)
            let address = TextLines.word(bytes, text)
            if address.isEmpty { continue }
            guard isAddress(bytes, address) else {
                reading.skip(.noAddress, line: lines.number)
                continue
            }
            var name = TextLines.word(bytes, address.upperBound..<text.upperBound)
            if name.isEmpty { reading.skip(.noName, line: lines.number) }
            while !name.isEmpty {
                if !isOwn(bytes, name) { reading.add(bytes, name, .name, line: lines.number) }
                name = TextLines.word(bytes, name.upperBound..<text.upperBound)
            }
        }
        return reading
    }

    /// An address, perhaps with a zone behind `%`, as in `fe80::1%lo0`.
    private static func isAddress(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Bool {
        IPAddress.parse(bytes, TextLines.part(bytes, word, before: UInt8(ascii: "%"))) != nil
    }

    private static func isOwn(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        for known in own where TextLines.equals(bytes, name, known) { return true }
        return false
    }
}
