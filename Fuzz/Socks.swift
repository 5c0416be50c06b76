@testable import ApusWire

/// Each message of SOCKS, from clients and from servers: against a naive reader, at cuts, and written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSocks(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let all = input(start, count)
    // The first byte chooses the message, so that each has inputs of its own.
    let bytes = Array(all.dropFirst())
    switch (all.first ?? 0) % 6 {
    case 0: atCuts(bytes) { (part) throws(SOCKSFault) in try SOCKSGreeting.read(part.span) }
    case 1: credentials(bytes)
    case 2: atCuts(bytes) { (part) throws(SOCKSFault) in try SOCKSReply.readV5(part.span) }
    case 3:
        atCuts(bytes) { (part) throws(SOCKSFault) in try SOCKSMethod.readSelection(part.span) }
        atCuts(bytes) { (part) throws(SOCKSFault) in try SOCKSCredentials.readAnswer(part.span) }
    default: request(bytes)
    }
    first(bytes)
    return 0
}

@discardableResult
private func atCuts<Value: Equatable>(
    _ bytes: [UInt8],
    _ read: ([UInt8]) throws(SOCKSFault) -> Value?
) -> Seen<Value, SOCKSFault> {
    let seen = Seen { () throws(SOCKSFault) in try read(bytes) }
    for cut in cuts(bytes, 4) {
        let part = Seen { () throws(SOCKSFault) in try read(Array(bytes[..<cut])) }
        hold(part == .incomplete || part == seen, "at \(cut) another outcome")
    }
    return seen
}

private func credentials(_ bytes: [UInt8]) {
    let seen = atCuts(bytes) { (part) throws(SOCKSFault) in try SOCKSCredentials.read(part.span) }
    guard case .whole(let read) = seen, !read.user.isEmpty, !read.password.isEmpty else { return }
    let (user, password) = (Array(bytes[read.user.range]), Array(bytes[read.password.range]))
    var buffer = [UInt8](repeating: 0, count: read.length)
    var target = buffer.mutableSpan
    let end = SOCKSCredentials.write(user: user.span, password: password.span, to: &target, at: 0)
    hold(end == read.length && buffer == Array(bytes[..<read.length]), "written they are others")
}

private func request(_ bytes: [UInt8]) {
    let seen = atCuts(bytes) { (part) throws(SOCKSFault) in
        part.first == 4 ? try SOCKSRequest.readV4(part.span) : try SOCKSRequest.readV5(part.span)
    }
    let reference = ReferenceSOCKSRequest(bytes)
    guard case .whole(let request) = seen else { return hold(reference == nil, "a naive reader takes it") }
    hold(reference == ReferenceSOCKSRequest(request, bytes), "a naive reader disagrees")
    hold(request.length <= SOCKSRequest.longest, "longer than the longest")
    guard let authority = try? request.authority(bytes.span) else { return }
    hold(authority.port == request.port && authority.port > 0, "another port")
    if authority.address == nil {
        hold(HostName.check(bytes.span, authority.host.range) == nil, "a name that is none")
        hold(systemParse(text(bytes[authority.host.range])) == nil, "a name that is an address")
    }
}

/// More bytes do not change what the first ones said, but that a second one may take back TLS.
private func first(_ bytes: [UInt8]) {
    let whole = FirstBytes(bytes.span)
    for cut in cuts(bytes, 4) {
        let prefix = Array(bytes[..<cut])
        let part = FirstBytes(prefix.span)
        hold(part == .incomplete || part == whole || cut == 1 && part == .tls, "at \(cut) another protocol")
    }
}
