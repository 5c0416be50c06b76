import Testing

@testable import ApusReport

@Suite("The first line on a control socket")
struct ControlLineTests {
    private func find(_ text: String) -> ControlLine { ControlLine.find(Array(text.utf8).span) }

    @Test("a line is found at its end, at every cut") func cuts() {
        let text = Array("{\"apus\":1,\"do\":\"status\"}\r\nmore\n".utf8)
        let end = text.firstIndex(of: 0x0a) ?? 0
        for cut in 0...text.count {
            let found = ControlLine.find(Array(text[..<cut]).span)
            #expect(found == (cut > end ? .line(end - 1) : .incomplete), "\(cut)")
        }
    }

    @Test("an empty line is one") func empty() {
        #expect(find("\n") == .line(0))
        #expect(find("\r\n") == .line(0))
        #expect(find("") == .incomplete)
    }

    @Test("a line of 4096 bytes is taken, a longer one is not waited for") func long() {
        let most = String(repeating: "x", count: ControlLine.longest)
        #expect(find(most) == .incomplete)
        #expect(find(most + "\n") == .line(ControlLine.longest))
        #expect(find(most + "x") == .tooLong)
        #expect(find(most + "x\n") == .tooLong)
        #expect(find(String(repeating: "x", count: 1 << 20)) == .tooLong)
    }
}
