import Testing

@testable import ApusWire

@Suite("Network order") struct NetworkOrderTests {
    @Test("numbers and addresses are read and written with the highest byte first") func order() {
        let bytes: [UInt8] = Array(0...20)
        #expect(NetworkOrder.uint16(bytes.span, 1) == 0x0102)
        #expect(NetworkOrder.uint32(bytes.span, 1) == 0x0102_0304)
        #expect(NetworkOrder.uint64(bytes.span, 1) == 0x0102_0304_0506_0708)
        #expect(NetworkOrder.address(.v4, bytes.span, 1) == IPAddress(v4: 0x0102_0304))
        let long = IPAddress(v6High: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)
        #expect(NetworkOrder.address(.v6, bytes.span, 1) == long)
        var written = [UInt8](repeating: 0xff, count: 21)
        var target = written.mutableSpan
        let middle = NetworkOrder.put(long, to: &target, at: 1)
        let end = NetworkOrder.put(IPAddress(v4: 0x1112_1314), to: &target, at: middle)
        #expect(middle == 17 && end == 21)
        #expect(written == [0xff] + bytes.dropFirst())
    }

    @Test("room is what is left") func room() {
        var bytes = [UInt8](repeating: 0, count: 4)
        let target = bytes.mutableSpan
        let seen = [
            NetworkOrder.hasRoom(4, in: target, at: 0), NetworkOrder.hasRoom(0, in: target, at: 4),
            NetworkOrder.hasRoom(5, in: target, at: 0), NetworkOrder.hasRoom(1, in: target, at: 4),
            NetworkOrder.hasRoom(0, in: target, at: 5), NetworkOrder.hasRoom(0, in: target, at: -1),
        ]
        #expect(seen == [true, true, false, false, false, false])
    }
}
