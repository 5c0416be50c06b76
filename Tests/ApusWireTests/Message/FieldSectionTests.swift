import Testing

@testable import ApusWire

@Suite struct FieldSectionTests {
    private enum Result: Equatable {
        case complete(Int), incomplete, invalid(FieldFault)
    }

    private struct Reading {
        var result: Result
        var fields: [Field] = []
    }

    private func read(
        _ bytes: [UInt8],
        _ sender: FieldSection.Sender = .client,
        limits: HeadLimits = HeadLimits()
    ) -> Reading {
        var table = FieldTable()
        switch FieldSection.parse(bytes.span, from: 0, limits: limits, sender: sender, fields: &table) {
        case .complete(let end): return Reading(result: .complete(end), fields: (0..<table.count).map { table[$0] })
        case .incomplete: return Reading(result: .incomplete)
        case .invalid(let fault): return Reading(result: .invalid(fault))
        }
    }

    @Test("names and values are found without the white space around them")
    func lines() {
        let bytes = Array("A:1\r\nLong-Name: \t two words\t \r\nEmpty:\r\nBlank: \t \r\n\r\nrest".utf8)
        let reading = read(bytes)
        #expect(reading.result == .complete(bytes.count - 4))
        #expect(reading.fields.map { bytes[$0.name] } == ["A", "Long-Name", "Empty", "Blank"])
        #expect(reading.fields.map { bytes[$0.value] } == ["1", "two words", "", ""])
        #expect(reading.fields.map { bytes[$0.line] }.joined() == text(bytes.dropLast(6)))
        #expect(reading.fields.allSatisfy { !$0.spaced })
    }

    @Test("white space before the colon is refused from a client and marked from an origin")
    func spaced() {
        for blank in [" ", "\t", " \t "] {
            let bytes = Array("Content-Length\(blank): 5\r\n\r\n".utf8)
            #expect(read(bytes).result == .invalid(.spaceBeforeColon))
            let reading = read(bytes, .origin)
            #expect(reading.result == .complete(bytes.count))
            #expect(reading.fields.first?.spaced == true)
            #expect(reading.fields.first?.known == .contentLength)
        }
    }

    @Test(
        "what is no field line has its own fault, from either sender and at every cut",
        arguments: [
            (": v\r\n", .malformedName), (" : v\r\n", .leadingSpace), ("A: v\r\n : v\r\n", .obsoleteFolding),
            ("A: v\r\n\tb\r\n", .obsoleteFolding), ("A\r\n", .malformedName), ("A\n", .bareLF),
            ("A v\r\n", .malformedName),
            ("A b: v\r\n", .malformedName), ("A(: v\r\n", .malformedName), ("\"A\": v\r\n", .malformedName),
            ("A: v\n", .bareLF), ("A: v\rb: c\r\n", .bareCR), ("A: v\r\r\n", .bareCR), ("\n", .bareLF),
            ("\rA", .bareCR),
            ("A: v\0\r\n", .malformedValue), ("A: \u{1b}\r\n", .malformedValue), ("A: v\u{7f}\r\n", .malformedValue),
            ("A\0: v\r\n", .malformedName), ("A: v\u{c}\r\n", .malformedValue), ("A \n", .bareLF),
        ] as [(String, FieldFault)]
    )
    private func faults(_ line: String, _ fault: FieldFault) {
        for before in ["", "X: y\r\n"] {
            let expected = !before.isEmpty && fault == .leadingSpace ? FieldFault.obsoleteFolding : fault
            let bytes = Array((before + line + "\r\nB: c\r\n\r\n").utf8)
            for sender in [FieldSection.Sender.client, .origin] {
                #expect(read(bytes, sender).result == .invalid(expected))
                for cut in 0...bytes.count {
                    let result = read(Array(bytes[..<cut]), sender).result
                    #expect(result == .incomplete || result == .invalid(expected), "\(cut)")
                }
            }
        }
    }

    @Test("obs-text passes in a value and nowhere else")
    func obsText() {
        for byte in UInt8(0x80)...0xff {
            #expect(read([0x41, 0x3a, byte, 13, 10, 13, 10]).result == .complete(7))
            #expect(read([byte, 0x3a, 0x41, 13, 10, 13, 10]).result == .invalid(.malformedName))
        }
    }

    @Test("a line of exactly the limit passes and one byte more does not, wherever the bytes are")
    func lineLimit() {
        let limits = HeadLimits(fieldLine: 20)
        for count in 18...23 {
            for line in [
                "A: " + String(repeating: "v", count: count - 3), String(repeating: "n", count: count - 1) + ":",
                "A:" + String(repeating: " ", count: count - 2), "A: b" + String(repeating: "\t", count: count - 4),
            ] {
                let bytes = Array((line + "\r\n\r\n").utf8)
                let expected: Result = count <= 20 ? .complete(bytes.count) : .invalid(.lineTooLong)
                #expect(read(bytes, limits: limits).result == expected, "\(line)")
                for cut in 0..<bytes.count {
                    let result = read(Array(bytes[..<cut]), limits: limits).result
                    #expect(result == .incomplete || (result == expected && count > 20), "\(line) at \(cut)")
                }
            }
        }
    }

    @Test("a line that is too long is so whatever stands behind the limit")
    func lineLimitFirst() {
        let limits = HeadLimits(fieldLine: 20)
        for tail in ["", " ", " x", "\u{1}", "\r\n", ":", " :"] {
            for sender in [FieldSection.Sender.client, .origin] {
                let bytes = Array((String(repeating: "n", count: 21) + tail + "\r\n\r\n").utf8)
                #expect(read(bytes, sender, limits: limits).result == .invalid(.lineTooLong), "\(tail)")
            }
        }
    }

    @Test("as many lines as the limit pass and one more does not, however high the limit is set")
    func countLimit() {
        for (limit, most) in [(0, 0), (1, 1), (7, 7), (256, 256), (1000, 256)] {
            let limits = HeadLimits(fields: limit)
            let lines = { (count: Int) in Array((String(repeating: "A: b\r\n", count: count) + "\r\n").utf8) }
            #expect(read(lines(most), limits: limits).result == .complete(most * 6 + 2))
            #expect(read(lines(most + 1), limits: limits).result == .invalid(.tooManyFields))
        }
    }
}
