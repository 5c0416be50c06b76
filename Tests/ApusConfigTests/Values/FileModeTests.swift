import Testing

@testable import ApusConfig

@Suite("the mode of a file") struct FileModeTests {
    @Test(
        "is octal digits, and written with four",
        arguments: [("0660", 0o660), ("660", 0o660), ("0o600", 0o600), ("000", 0)]
    )
    func digits(_ text: String, mode: Int) throws {
        #expect(try FileMode.parse(text) == UInt32(mode))
        #expect(try FileMode.parse(FileMode.describe(UInt32(mode))) == UInt32(mode))
        #expect(FileMode.describe(0o660) == "0660" && FileMode.describe(0) == "0000")
    }

    @Test("and nothing else", arguments: ["", "66", "0888", "rw-rw----", "1777", "+660", "06600", "0x1ff"])
    func refused(_ text: String) { #expect(throws: ValueFault.self) { try FileMode.parse(text) } }
}
