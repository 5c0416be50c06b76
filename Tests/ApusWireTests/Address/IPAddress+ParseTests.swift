import ApusWire
import Testing

@Suite("reading addresses")
struct IPAddressParseTests {
    @Test(
        "every form of RFC 4291 is read",
        arguments: [
            ("0.0.0.0", 0, 0), ("127.0.0.1", 0, 0x7f00_0001), ("255.255.255.255", 0, 0xffff_ffff),
            ("::", 0, 0), ("::1", 0, 1), ("1::", 0x0001_0000_0000_0000, 0),
            ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", 0xabcd_ef01_2345_6789, 0xabcd_ef01_2345_6789),
            ("2001:DB8:0:0:8:800:200C:417A", 0x2001_0db8_0000_0000, 0x0008_0800_200c_417a),
            ("2001:db8::8:800:200c:417a", 0x2001_0db8_0000_0000, 0x0008_0800_200c_417a),
            ("1:2:3:4:5:6:7::", 0x0001_0002_0003_0004, 0x0005_0006_0007_0000),
            ("::2:3:4:5:6:7:8", 0x0000_0002_0003_0004, 0x0005_0006_0007_0008),
            ("0:0:0:0:0:0:13.1.68.3", 0, 0x0d01_4403), ("::13.1.68.3", 0, 0x0d01_4403),
            ("::ffff:129.144.52.38", 0, 0xffff_8190_3426), ("64:ff9b::1.2.3.4", 0x0064_ff9b_0000_0000, 0x0102_0304),
            ("0001:0002:0003:0004:0005:0006:255.255.255.255", 0x0001_0002_0003_0004, 0x0005_0006_ffff_ffff),
        ] as [(String, UInt64, UInt64)]
    )
    func forms(text: String, high: UInt64, low: UInt64) {
        let expected =
            text.contains(":") ? IPAddress(v6High: high, low: low) : IPAddress(v4: UInt32(truncatingIfNeeded: low))
        #expect(inside(text, IPAddress.parse) == expected)
        #expect(IPAddress(text) == expected)
    }

    @Test(
        "what is no address is not read",
        arguments: [
            "", ".", ":", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "256.1.1.1", "1.2.3.256",
            "01.2.3.4", "1.2.3.00", "00.0.0.0", "1.2.3.4 ", " 1.2.3.4", "+1.2.3.4", "-1.2.3.4", "0x7f.0.0.1", "1.2.3.a",
            "1.2.3.4294967297", "99999999999999999999.1.1.1", "1.2.3.4/8", "1.2.3.4:80", "1,2,3,4", "１.2.3.4",
            ":::", "1:::2", "::1::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8", "1::2:3:4:5:6:7:8", ":1", "1:", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", "12345::",
            "::12345", "::g", "fe80::1%eth0", "fe80::1%1", "[::1]", "::1]", "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:5",
            "1.2.3.4::", "::01.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::ffff:256.0.0.1", "::a.2.3.4", "::1.2.3.4.",
            "1:2:3:4:5:1.2.3.4", "::-1", "::1/128", "::0x1",
        ]
    )
    func refused(text: String) {
        #expect(inside(text, IPAddress.parse) == nil)
        #expect(IPAddress(text) == nil)
    }

    @Test("every cut of an address, and every byte in every place, is read as the C library reads it")
    func everyCut() {
        let texts = [
            "192.168.100.254", "2001:db8:0:10::ffff:1", "::ffff:203.0.113.77", "64:ff9b::192.0.2.33", "1:2:3:4:5:6:7:8",
        ]
        for text in texts {
            let bytes = Array(text.utf8)
            for start in 0...bytes.count {
                for end in start...bytes.count {
                    let cut = String(decoding: bytes[start..<end], as: UTF8.self)
                    #expect(inside(cut, IPAddress.parse) == systemParse(cut), "\(cut)")
                }
            }
            for index in bytes.indices {
                for byte in UInt8(1)..<128 {
                    var changed = bytes
                    changed[index] = byte
                    let other = String(decoding: changed, as: UTF8.self)
                    #expect(inside(other, IPAddress.parse) == systemParse(other), "\(other)")
                }
            }
        }
    }

    @Test("NUL and bytes above 0x7f end no address")
    func strangeBytes() {
        for byte in [UInt8(0)] + Array(128...255) {
            for text in ["127.0.0.1", "::1"] {
                let bytes = Array(text.utf8) + [byte]
                #expect(IPAddress.parse(bytes.span, 0..<bytes.count) == nil)
            }
        }
    }

    @Test("random texts of the bytes of addresses are read as the C library reads them")
    func randomTexts() {
        var random = AddressRandom(seed: 1)
        let alphabet = Array("0123456789abcdefABCDEF::::....".utf8)
        var read = 0
        for _ in 0..<60_000 {
            var bytes = Array(random.address().description.utf8)
            for _ in 0..<random.next() % 3 {
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[index] = alphabet.randomElement(using: &random) ?? 0x30
                case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0x30, at: index)
                default: if bytes.count > 1 { bytes.remove(at: index) }
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let expected = systemParse(text)
            #expect(inside(text, IPAddress.parse) == expected, "\(text)")
            if expected != nil { read += 1 }
        }
        #expect((20_000..<60_000).contains(read))
    }
}
