@testable import ApusWire

/// Authorities, addresses and blocks: against a naive reader and the C library, and written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAuthority(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(start, count)
    let all = ByteRange(0, bytes.count)
    authority(bytes, all)
    address(bytes)
    block(bytes)
    if HostName.check(bytes.span, all.range) == nil {
        var lower: [UInt8] = []
        HostName.lowercase(bytes.span, all.range, into: &lower)
        hold(HostName.check(lower.span, 0..<lower.count) == nil, "a host that is none in lower case")
        hold(lower.last != 0x2e && lower.allSatisfy { !(0x41...0x5a).contains($0) }, "not in its one form")
    }
    return 0
}

private func authority(_ bytes: [UInt8], _ all: ByteRange) {
    let read = Authority.host(bytes.span, all)
    let reference = ReferenceAuthority(text(bytes))
    hold((read != nil) == (reference != nil), "the naive reader disagrees")
    guard let read, let reference else { return }
    hold(read.port == UInt16(reference.port ?? 80) && read.namesPort == (reference.port != nil), "another port")
    let host = bytes[read.host]
    hold(reference.host == host || reference.host == "[\(host)]", "another host")
    hold(read.address == systemParse(host), "another address")
}

private func address(_ bytes: [UInt8]) {
    let read = IPAddress.parse(bytes.span, 0..<bytes.count)
    hold(read == systemParse(text(bytes)), "another address than the C library's")
    guard let read else { return }
    hold(!IPAddress.looksLikeLegacyIPv4(bytes.span, 0..<bytes.count), "an address that is a legacy spelling")
    hold(IPAddress("\(read)") == read, "written and read it is another")
    // The C library writes ::/96 with a dotted quad; RFC 5952 §5 asks for that only where the prefix tells.
    let isCompatible = read.family == .v6 && read.high == 0 && read.low >> 32 == 0
    hold(isCompatible || "\(read)" == systemText(read), "not written as the C library writes it")
    hold(read.unwrapped.embeddedIPv4 == nil, "an address inside an address inside")
}

private func block(_ bytes: [UInt8]) {
    guard let block = try? CIDR(text(bytes)) else { return }
    hold((try? CIDR("\(block)")) == block, "written and read it is another block")
    let base = IPAddress(String(text(bytes).prefix { $0 != "/" }))
    hold(base.map { block.contains($0) } == true, "a block without its own address")
}
