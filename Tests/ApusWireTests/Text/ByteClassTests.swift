import Testing

@testable import ApusWire

@Suite struct ByteClassTests {
    @Test("every byte is in the classes that RFC 9110 puts it in")
    func classes() {
        let letters = "abcdefghijklmnopqrstuvwxyz"
        let token = Set("!#$%&'*+-.^_`|~0123456789\(letters)\(letters.uppercased())".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(ByteClass.isToken(byte) == token.contains(byte), "\(byte)")
            #expect(ByteClass.isBlank(byte) == (byte == 9 || byte == 32), "\(byte)")
            #expect(ByteClass.isFieldContent(byte) == (byte == 9 || (byte >= 32 && byte != 127)), "\(byte)")
            let character = Character(Unicode.Scalar(byte))
            let value = character.isASCII ? character.hexDigitValue : nil
            #expect(ByteClass.hexValue(byte) == UInt8(value ?? 255), "\(byte)")
            let lower = character.isASCII ? character.lowercased().utf8.first : byte
            #expect(ByteClass.lowercased(byte) == lower, "\(byte)")
        }
    }
}
