import Testing

@testable import ApusConfig

@Suite struct ByteSizeTests {
    @Test(
        "a size is read with every unit",
        arguments: [
            ("0", 0), ("4096", 4096), ("4096B", 4096), ("64KiB", 65536), ("64kib", 65536), ("10MB", 10_000_000),
            ("1 MiB", 1 << 20), ("2GiB", 2 << 30), ("3kB", 3000), ("1GB", 1_000_000_000),
        ]
    )
    func read(_ text: String, _ bytes: Int) throws {
        #expect(try ByteSize.parse(text) == bytes)
    }

    @Test(
        "what is no size is refused",
        arguments: [
            "", "KiB", "-1", "+1", "1.5MiB", "1TiB", "1 2", "0x10", "64K", "99999999999999999999",
            "9223372036854775807KiB",
        ]
    )
    func refused(_ text: String) {
        #expect(throws: ValueFault.self) { try ByteSize.parse(text) }
    }

    @Test("a letter alone is refused with both readings")
    func ambiguous() {
        let fault = #expect(throws: ValueFault.self) { try ByteSize.parse("64k") }
        #expect(fault?.message.contains("64KiB") == true)
        #expect(fault?.message.contains("64KB") == true)
    }

    @Test("what is written is read as the same", arguments: [0, 1, 240, 1000, 1024, 65536, 65537, 1 << 20, 3 << 30])
    func roundTrip(_ bytes: Int) throws {
        #expect(try ByteSize.parse(ByteSize.describe(bytes)) == bytes)
    }
}
