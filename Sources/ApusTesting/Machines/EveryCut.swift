/// Both halves of some bytes for every place where they can be cut, the empty halves included: a parser that is fed
/// both must come to the same as one that is fed the whole.
///
/// ```swift
/// for (head, tail) in everyCut(of: bytes) { … }
/// ```
public func everyCut(of bytes: [UInt8]) -> some Sequence<(ArraySlice<UInt8>, ArraySlice<UInt8>)> {
    (0...bytes.count).lazy.map { (bytes[..<$0], bytes[$0...]) }
}

/// The same for text, as UTF-8.
public func everyCut(of text: String) -> some Sequence<(ArraySlice<UInt8>, ArraySlice<UInt8>)> {
    everyCut(of: Array(text.utf8))
}
