import ApusWire
import Testing

@Suite struct ByteWritingTests {
    @Test(
        "numbers are written in decimal, the extremes too",
        arguments: [
            0, 1, 9, 10, 99, 100, 65_535, UInt64(Int64.max), UInt64.max,
        ]
    )
    func decimal(_ number: UInt64) {
        var bytes: [UInt8] = []
        bytes.write(decimal: number)
        #expect(String(decoding: bytes, as: UTF8.self) == String(number))
    }

    @Test("negative numbers have a sign", arguments: [-1, -10, Int64.min, 0, Int64.max])
    func signed(_ number: Int64) {
        var bytes: [UInt8] = []
        bytes.write(decimal: number)
        #expect(String(decoding: bytes, as: UTF8.self) == String(number))
    }

    @Test("padded and hexadecimal numbers have their digits")
    func padded() {
        var bytes: [UInt8] = []
        bytes.write(7, digits: 3)
        bytes.write(1234, digits: 2)
        bytes.write(5, digits: 1)
        bytes.write(hexadecimal: UInt8(0x1b))
        bytes.write(hexadecimal: UInt64(0xfeed))
        #expect(String(decoding: bytes, as: UTF8.self) == "0073451b000000000000feed")
    }
}
