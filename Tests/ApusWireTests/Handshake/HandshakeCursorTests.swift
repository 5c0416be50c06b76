import Testing

@testable import ApusWire

@Suite("A cursor over a handshake message") struct HandshakeCursorTests {
    /// A message of these bytes, in records of so many.
    private func records(_ body: [UInt8], _ size: Int) -> [UInt8] {
        HelloBytes.records([1] + HelloBytes.vector(3, body), [size])
    }

    @Test("numbers, vectors and skipped bytes do not know where records lie", arguments: 1...20)
    func fragments(_ size: Int) throws {
        let body: [UInt8] = [7, 0x12, 0x34, 0, 3, 0xaa, 0xbb, 0xcc, 1, 2, 3, 9]
        let bytes = records(body, size)
        var cursor = try HandshakeCursor(bytes.span, length: body.count)
        #expect(cursor.left == 12)
        #expect(try cursor.number(1, bytes.span) == 7)
        #expect(try cursor.number(2, bytes.span) == 0x1234)
        var vector = try cursor.vector(2, bytes.span)
        #expect(vector.left == 3 && cursor.left == 4)
        #expect(try cursor.number(3, bytes.span) == 0x010203)
        #expect(try vector.number(3, bytes.span) == 0xaabbcc)
        #expect(vector.left == 0)
        try cursor.skip(1, bytes.span)
        #expect(cursor.left == 0)
        try cursor.skip(0, bytes.span)
    }

    @Test("nothing is read behind the end of a vector or the message") func ends() throws {
        let bytes = records([0, 2, 5, 6, 0, 9, 1], 4)
        var cursor = try HandshakeCursor(bytes.span, length: 7)
        var vector = try cursor.vector(2, bytes.span)
        #expect(throws: ClientHelloFault.structure) { try vector.number(3, bytes.span) }
        #expect(throws: ClientHelloFault.structure) { try vector.skip(3, bytes.span) }
        #expect(try vector.number(2, bytes.span) == 0x0506)
        #expect(throws: ClientHelloFault.structure) { try vector.number(1, bytes.span) }
        #expect(throws: ClientHelloFault.structure) { try cursor.vector(2, bytes.span) }
    }
}
