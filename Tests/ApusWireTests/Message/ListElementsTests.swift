import Testing

@testable import ApusWire

@Suite struct ListElementsTests {
    private func elements(_ value: String) -> [String] {
        let bytes = Array("a,\(value),b".utf8)
        var elements = ListElements(ByteRange(2, bytes.count - 2))
        var found: [String] = []
        while let element = elements.next(bytes.span) { found.append(bytes[element]) }
        let more = elements.next(bytes.span)
        #expect(more == nil)
        return found
    }

    @Test("elements come in order, without the white space around them, the empty ones too")
    func splits() {
        #expect(elements("") == [""])
        #expect(elements(" \t ") == [""])
        #expect(elements("a") == ["a"])
        #expect(elements(" a b\t,\tc,, d ,") == ["a b", "c", "", "d", ""])
        #expect(elements(",") == ["", ""])
        #expect(elements("\"a,b\"") == ["\"a", "b\""])
    }

    @Test("random values are split as a naive splitter does")
    func reference() {
        var random = Seeded(6)
        for _ in 0..<2000 {
            let value = (0..<random.next() % 12).map { _ in ["a", ",", " ", "\t", "b"][Int(random.next() % 5)] }
                .joined()
            #expect(elements(value) == list(value), "\(value)")
        }
    }

    @Test("runs are compared and hashed without regard to the case of letters, and of letters only")
    func compares() {
        let bytes = Array("Abc[aBC{abd".utf8)
        let runs = [
            ByteRange(0, 3), ByteRange(4, 7), ByteRange(8, 11), ByteRange(0, 4), ByteRange(4, 8), ByteRange(0, 2),
        ]
        for left in runs {
            for right in runs {
                let same = bytes[left].lowercased() == bytes[right].lowercased()
                #expect(bytes.span.equalsIgnoringCase(left, right) == same)
                #expect((bytes.span.tokenHash(left) == bytes.span.tokenHash(right)) == same)
            }
        }
    }
}
