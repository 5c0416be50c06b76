import ApusReport
import Testing

@Suite struct JSONWriterTests {
    @Test("members and elements are separated, and text is escaped")
    func nested() {
        var json = JSONWriter()
        json.object { json in
            json.text("a", "x\"\n")
            json.array("b") { json in
                json.number(nil, 1)
                json.object { _ in }
                json.array { $0.truth(nil, true) }
            }
            json.raw("c", nil)
            json.truth("d", false)
        }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text == #"{"a":"x\"\n","b":[1,{},[true]],"c":null,"d":false}"#)
    }

    @Test("members of each kind, and what there is none of")
    func members() {
        let json = JSONWriter.object { json in
            json.text("text", "\u{1}é")
            json.text("none", nil)
            json.number("count", UInt64.max)
            json.number("number", -1)
            json.decimal("decimal", 1.23456)
            json.decimal("whole", 2)
            json.decimal("never", .nan)
            json.array("list", of: [JSONWriter.string("x"), Array("1".utf8)])
        }
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"text":"\u0001é","none":null,"count":18446744073709551615,"number":-1,"decimal":1.235,"whole":2.0,"#
                + #""never":null,"list":["x",1]}"#
        )
    }

    @Test("microseconds are written as milliseconds exactly")
    func milliseconds() {
        var json = JSONWriter()
        json.array { json in
            for micros in [0, 1, 10, 1500, 1000, 34_567, -1, 100_000_000] as [Int64] { json.milliseconds(nil, micros) }
        }
        #expect(String(decoding: json.bytes, as: UTF8.self) == "[0,0.001,0.01,1.5,1,34.567,-0.001,100000]")
    }
}
