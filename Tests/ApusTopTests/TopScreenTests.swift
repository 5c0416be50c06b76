import Testing

@testable import ApusTop

@Suite struct TopScreenTests {
    /// The lines of a screen without its styles; nil if there is any other sequence in it than the known ones.
    private func shown(_ model: TopModel, _ columns: Int, _ rows: Int, colour: Bool = true) -> [String]? {
        let bytes = TopScreen.render(model, from: "127.0.0.1:9128", columns: columns, rows: rows, colour: colour)
        var text = String(decoding: bytes, as: UTF8.self)
        for sequence in ["[H", "[K", "[J", "[0m", "[1m", "[2m", "[7m", "[31m", "[32m", "[33m", "[36m"] {
            text = text.replacing("\u{1b}\(sequence)", with: "")
        }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        let isClean = lines.allSatisfy { line in line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        }
        return isClean ? lines : nil
    }

    @Test("no line is wider than the screen, at any size and in every list")
    func sizes() throws {
        var model = fullModel()
        model.take(
            requests([record(10, host: "漢字漢字漢字漢字漢字漢字漢字.example", more: ",\"fault\":\"rule\",\"rule\":\"字字字字字\"")])
        )
        model.take(requests([record(11, host: "\\u001b[2J\\u0000\\u009b31m\\n.example")]))
        model.take(open([("a1", "🦅🦅🦅🦅🦅🦅🦅🦅🦅🦅🦅🦅🦅🦅🦅🦅🦅.example", 3, 100)]))
        for tab in TopModel.Tab.allCases {
            model.tab = tab
            for columns in [1, 2, 5, 20, 40, 41, 59, 60, 80, 99, 100, 120, 200] {
                for rows in [1, 2, 3, 5, 10, 24, 60] {
                    let lines = try #require(shown(model, columns, rows))
                    #expect(lines.count == rows)
                    for line in lines { #expect(TextWidth.of(line) <= columns, "\(columns)x\(rows): \(line)") }
                }
            }
        }
    }

    @Test("the screen has the figures, the list and the keys")
    func whole() throws {
        let lines = try #require(shown(fullModel(), 100, 24))
        #expect(lines[0].hasPrefix("apus 0.1.0  live  127.0.0.1:9128  up 1m05s  on 127.0.0.1:3128"))
        #expect(lines[1].hasPrefix("24 req/s  1 refused/s  0 errors/s  23 2xx"))
        #expect(lines[2].hasPrefix("2.7K up/s  27K down/s  4 clients  1 tunnels  3 upstreams  120 in all"))
        #expect(lines[3].hasPrefix("900µs p50  2.1ms p90  - p99"))
        #expect(lines[4].hasSuffix("▃█ 24/s") || lines[4].hasSuffix("█ 24/s"))
        #expect(lines[5].contains(" Requests  Open 1  Refusals  Clients  Hosts "))
        #expect(lines[6].hasPrefix("Began    St  Method  Host"))
        #expect(lines[7].hasPrefix("12:00:09 200 GET     example.org/p9"))
        #expect(lines[7].hasSuffix("127.0.0.1          2.3K    35ms") || lines[7].contains("2.3K"))
        #expect(lines[23].hasPrefix("q quit"))
    }

    @Test("at 40 columns and 10 rows there is still a list, and what it shows is whole")
    func small() throws {
        let lines = try #require(shown(fullModel(), 40, 10))
        #expect(lines.filter { $0.contains("example.org") }.count >= 3)
        #expect(lines[0].hasPrefix("apus 0.1.0  live"))
        #expect(lines.last?.hasPrefix("q quit") == true)
    }

    @Test("without colours only what is chosen is marked")
    func plain() {
        let bytes = TopScreen.render(fullModel(), from: "x", columns: 80, rows: 24, colour: false)
        let text = String(decoding: bytes, as: UTF8.self)
        for code in ["[1m", "[2m", "[31m", "[32m", "[33m", "[36m"] { #expect(!text.contains("\u{1b}\(code)")) }
        #expect(text.contains("\u{1b}[7m"))
    }

    @Test("a lost connection is said, and so are pause, filter and question")
    func states() throws {
        var model = fullModel()
        model.link = .lost("again in 2s: nobody listens there")
        _ = model.press(.character("p"), page: 5)
        #expect(try #require(shown(model, 100, 24))[0].contains("no connection, again in 2s: nobody listens there"))
        #expect(try #require(shown(model, 100, 24))[5].contains("paused"))
        for key in "/abc" { _ = model.press(.character(key), page: 5) }
        #expect(try #require(shown(model, 100, 24))[23].hasPrefix("/abc"))
        #expect(try #require(shown(model, 100, 24))[6].hasPrefix("Nothing has “abc” in it"))
        _ = model.press(.escape, page: 5)
        _ = model.press(.character("2"), page: 5)
        _ = model.press(.character("x"), page: 5)
        #expect(try #require(shown(model, 100, 24))[23] == "Close? y/n CONNECT tunnel.example:443")
    }

    @Test("the details of a request are all its members")
    func detail() throws {
        var model = fullModel()
        _ = model.press(.enter, page: 5)
        let lines = try #require(shown(model, 80, 40))
        #expect(lines.contains { $0.hasPrefix("host") && $0.contains("example.org") })
        #expect(lines.contains { $0.hasPrefix("total_us") && $0.contains("34567") })
        #expect(lines.contains { $0.hasPrefix("Transfer") && $0.contains("35ms") })
        model.take(transaction: Array(transaction.utf8))
        let whole = try #require(shown(model, 80, 60))
        let heads = ["Request", "Response", "Phases", "Decision", "Record"]
        #expect(whole.filter { heads.contains($0) } == heads)
        #expect(whole.contains { $0.contains("X-A") && $0.contains("b") })
        #expect(whole.contains { $0.contains("mirrors") && $0.contains("decides") })
        // What does not fit is told, and can be reached.
        #expect(try #require(shown(model, 80, 20)).contains { $0.contains("more lines") })
        _ = model.press(.end, page: 5)
        #expect(try #require(shown(model, 80, 20)).contains { $0.hasPrefix("id") })
        _ = model.press(.escape, page: 5)
        #expect(model.mode == .browsing)
    }
}
