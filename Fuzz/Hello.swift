@testable import ApusWire

/// The first ClientHello of a tunnel: against a naive reader, at cuts, under limits, and in other records.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHello(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(start, count)
    let seen = HelloSeen(bytes)
    for cut in cuts(bytes, 4) {
        let part = HelloSeen(bytes[..<cut])
        hold(part == .incomplete || part == seen, "at \(cut) another outcome")
    }
    let reference = ReferenceHello(bytes, limit: ClientHello.defaultLimit)
    guard case .hello(let name, let isEncrypted) = seen else {
        // All that the naive reader lets pass are spellings of IPv4 addresses that are none.
        let name = Array((reference?.name ?? "").utf8)
        let isLegacy = IPAddress.looksLikeLegacyIPv4(name.span, 0..<name.count)
        hold(reference == nil || isLegacy, "a naive reader takes it")
        return 0
    }
    hold(reference?.name == name && reference?.isEncrypted == isEncrypted, "a naive reader disagrees")
    cutOtherwise(bytes, seen)
    return 0
}

/// The same message in other records says the same.
private func cutOtherwise(_ bytes: [UInt8], _ seen: HelloSeen) {
    guard case .whole(let length) = HandshakeRecords.scan(bytes.span, limit: ClientHello.defaultLimit) else {
        return hold(false, "a hello without a whole message")
    }
    var message: [UInt8] = []
    var at = 0
    while message.count < length + 4 {
        let end = at + 5 + HandshakeRecords.fragment(bytes.span, at)
        message += bytes[(at + 5)..<end]
        at = end
    }
    let first = 1 + Int(message.last ?? 0) % 40
    let again = HelloBytes.records(message, [first, message.count / 60 + 1])
    hold(HelloSeen(again) == seen, "in other records it says something else")
    hold(HelloSeen(again, limit: message.count) == seen, "the limit is not exact")
    hold(HelloSeen(again, limit: message.count - 1) == .malformed(.tooLarge), "the limit does not hold")
}
