import Testing

@testable import ApusWire

@Suite struct NominatedNamesTests {
    @Test("a field is found by its name in any case, on whichever Connection line, and no other is")
    func finds() {
        let start = "GET / HTTP/1.1\r\nConnection: X-A,, close\r\nX-a: 1\r\n"
        let head = Array((start + "X-B: 2\r\nCONNECTION: x-c \r\nx-C: 3\r\n\r\n").utf8)
        var fields = FieldTable()
        guard case .complete = RequestParser.parse(head.span, limits: HeadLimits(), fields: &fields) else {
            Issue.record("no head")
            return
        }
        let names = NominatedNames(head.span, fields)
        let found = (0..<fields.count).map { names.contains(head.span, fields[$0].name) }
        #expect(found == [false, true, false, false, true])
    }

    @Test("whatever names there are, the answer is that of looking at each")
    func agrees() {
        var random = Seeded(7610)
        let letters = ["a", "b", "A", "B", "-"]
        for _ in 0..<300 {
            var words: [String] = []
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                var word = ""
                let count = Int.random(in: 1...3, using: &random)
                for _ in 0..<count { word += letters.randomElement(using: &random) ?? "" }
                words.append(word)
            }
            let named = words.prefix(words.count / 2)
            let lines = words.map { "\($0): v\r\n" }.joined()
            let start = "GET / HTTP/1.1\r\nConnection: \(named.joined(separator: " ,"))\r\n"
            let head = Array((start + lines + "\r\n").utf8)
            var fields = FieldTable()
            guard case .complete = RequestParser.parse(head.span, limits: HeadLimits(), fields: &fields) else {
                Issue.record("no head")
                continue
            }
            let names = NominatedNames(head.span, fields)
            let lower = Set(named.map { $0.lowercased() })
            for position in 0..<fields.count {
                let name = String(decoding: head[fields[position].name.range], as: UTF8.self).lowercased()
                #expect(names.contains(head.span, fields[position].name) == lower.contains(name))
            }
        }
    }
}
