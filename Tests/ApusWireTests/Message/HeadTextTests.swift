import Testing

@testable import ApusWire

@Suite struct HeadTextTests {
    @Test("the pieces are those that heads are made of, with the pseudonym in Via")
    func pieces() {
        let some = HeadText(pseudonym: Array("apus-1".utf8))
        #expect(some.bytes[some.lastLines10] == "Via: 1.0 apus-1\r\n\r\n")
        #expect(some.bytes[some.lastLines11] == "Via: 1.1 apus-1\r\n\r\n")
        #expect(some.bytes[some.requestVersion] == " HTTP/1.1\r\nHost: ")
        #expect(some.bytes[some.trailersAndUpgrade] == "TE: trailers\r\nConnection: TE, Upgrade\r\n")
    }

    @Test("a date is put in its place; what is no IMF-fixdate in length is not")
    func date() {
        var some = HeadText(pseudonym: [0x61])
        let before = some.bytes
        some.setDate(Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8))
        #expect(some.bytes[some.date] == "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
        #expect(some.bytes.count == before.count)
        let after = some.bytes
        some.setDate(Array("Sun, 06 Nov 1994 08:49:37 GMT ".utf8))
        some.setDate([])
        #expect(some.bytes == after)
    }
}
