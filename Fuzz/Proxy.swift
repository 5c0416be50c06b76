@testable import ApusWire

/// A header of the PROXY protocol: against a naive reader, at cuts, and written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProxy(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(start, count)
    let seen = read(bytes)
    for cut in cuts(bytes, 4) {
        let part = read(Array(bytes[..<cut]))
        hold(part == .incomplete || part == seen, "at \(cut) another outcome")
    }
    let reference = ReferenceProxyHeader(bytes)
    guard case .whole(let header) = seen else {
        hold(reference == nil, "a naive reader takes it")
        return 0
    }
    hold(reference == ReferenceProxyHeader(header), "a naive reader disagrees")
    guard header.content == .tcp else { return 0 }
    var buffer = [UInt8](repeating: 0, count: 52)
    var target = buffer.mutableSpan
    let end = ProxyHeader.write(
        source: (header.source, header.sourcePort),
        destination: (header.destination, header.destinationPort),
        to: &target,
        at: 0
    )
    let again = read(Array(buffer[..<(end ?? 0)]))
    guard case .whole(let written) = again else {
        hold(false, "what is written is no header")
        return 0
    }
    hold(written.source == header.source && written.sourcePort == header.sourcePort, "another source")
    hold(written.destination == header.destination && written.destinationPort == header.destinationPort, "elsewhere")
    return 0
}

private func read(_ bytes: [UInt8]) -> Seen<ProxyHeader, ProxyHeaderFault> {
    Seen { () throws(ProxyHeaderFault) in try ProxyHeader.read(bytes.span) }
}
