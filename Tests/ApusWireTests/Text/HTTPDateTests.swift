import ApusWire
import Testing

@Suite struct HTTPDateTests {
    private func text(_ write: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        write(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "an IMF-fixdate shows the moment in GMT",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"), (Int64.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (-62_167_219_200, "Sat, 01 Jan 0000 00:00:00 GMT"), (Int64.min, "Sat, 01 Jan 0000 00:00:00 GMT"),
        ] as [(Int64, String)]
    )
    func fixdate(_ seconds: Int64, _ expected: String) {
        #expect(text { HTTPDate.write(secondsSince1970: seconds, into: &$0) } == expected)
        var scratch = [UInt8](repeating: 0, count: 31)
        var span = scratch.mutableSpan
        let end = HTTPDate.write(secondsSince1970: seconds, into: &span, at: 2)
        #expect(end == 31)
        #expect(String(decoding: scratch[2...], as: UTF8.self) == expected)
    }

    @Test("a date that does not fit is not begun")
    func noRoom() {
        var scratch = [UInt8](repeating: 7, count: 29)
        var span = scratch.mutableSpan
        let end = HTTPDate.write(secondsSince1970: 0, into: &span, at: 1)
        #expect(end == nil)
        #expect(scratch == [UInt8](repeating: 7, count: 29))
    }

    @Test("ISO 8601 has as many digits of a second as asked for, cut off")
    func iso8601() {
        let micros: Int64 = 784_111_777_123_987
        #expect(text { HTTPDate.writeISO8601(microsecondsSince1970: micros, into: &$0) } == "1994-11-06T08:49:37.123Z")
        #expect(
            text { HTTPDate.writeISO8601(microsecondsSince1970: micros, precision: .microseconds, into: &$0) }
                == "1994-11-06T08:49:37.123987Z"
        )
        #expect(
            text { HTTPDate.writeISO8601(microsecondsSince1970: micros, precision: .seconds, into: &$0) }
                == "1994-11-06T08:49:37Z"
        )
        #expect(text { HTTPDate.writeISO8601(microsecondsSince1970: -1, into: &$0) } == "1969-12-31T23:59:59.999Z")
        #expect(text { HTTPDate.writeISO8601(microsecondsSince1970: .min, into: &$0) } == "0000-01-01T00:00:00.224Z")
    }

    @Test("the Common Log Format's date has brackets, a month by name and an offset")
    func commonLog() {
        #expect(
            text { HTTPDate.writeCommonLog(secondsSince1970: 971_186_136, into: &$0) }
                == "[10/Oct/2000:13:55:36 +0000]"
        )
        #expect(text { HTTPDate.writeTimeOfDay(secondsSince1970: 971_186_136, into: &$0) } == "13:55:36")
    }
}
