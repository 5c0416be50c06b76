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

    @Test("the end of field content is found at every place, whatever byte ends it, and not beyond the end")
    func endOfFieldContent() {
        for count in 0...40 {
            let sound = [UInt8](repeating: 0x76, count: count + 8)
            for start in [0, min(3, count)] {
                let all = ByteClass.endOfFieldContent(sound.span, from: start, to: count)
                #expect(all == count)
                for at in start..<count {
                    for byte in [UInt8(0), 8, 9, 10, 13, 31, 32, 126, 127, 128, 255] {
                        var bytes = sound
                        bytes[at] = byte
                        let end = ByteClass.endOfFieldContent(bytes.span, from: start, to: count)
                        #expect(end == (ByteClass.isFieldContent(byte) ? count : at), "\(byte) at \(at) of \(count)")
                    }
                }
            }
        }
    }
}
