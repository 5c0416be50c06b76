import ApusFlow
import ApusPolicy
import ApusSamples
import Testing

@testable import ApusReport

@Suite("Access log line")
struct AccessLogLineTests {
    private func parse(_ text: some StringProtocol) -> AccessLogLine? {
        let bytes = Array(text.utf8)
        return AccessLogLine.parse(bytes.span)
    }

    /// A record with whatever a record can have.
    private func randomRecord(_ random: inout SplitMix) -> AccessRecord {
        func text(_ random: inout SplitMix) -> String { hostileTexts.randomElement(using: &random) ?? "" }
        func maybe(_ random: inout SplitMix) -> String? { Bool.random(using: &random) ? text(&random) : nil }
        func time(_ random: inout SplitMix) -> Int64? {
            Bool.random(using: &random) ? .random(in: 0...(.max), using: &random) : nil
        }
        return AccessRecord(
            id: random.next(),
            startedAt: .random(in: 0...4_000_000_000_000_000, using: &random),
            kind: AccessRecord.Kind.allCases.randomElement(using: &random) ?? .request,
            clientAddress: text(&random),
            clientPort: .random(in: 0...(.max), using: &random),
            listener: text(&random),
            user: maybe(&random),
            method: text(&random),
            scheme: maybe(&random),
            host: text(&random),
            port: .random(in: 0...2, using: &random),
            path: text(&random),
            httpVersion: text(&random),
            status: .random(in: 0...999, using: &random),
            bytes: ByteCounts(fromClient: random.next() >> 1, toClient: random.next() >> 1),
            times: PhaseTimes(
                decide: time(&random),
                lookUp: time(&random),
                connect: nil,
                firstByte: time(&random),
                total: 1
            ),
            upstream: maybe(&random),
            reused: Bool.random(using: &random),
            ending: Bool.random(using: &random) ? .complete : Ending(.client, .read, .fault),
            proxyStatus: maybe(&random),
            fault: maybe(&random),
            reason: maybe(&random),
            rule: maybe(&random),
            wouldDeny: maybe(&random)
        )
    }

    @Test("the lines of random records come back as what they were, and as another reader reads them")
    func roundTrip() throws {
        var random = SplitMix(seed: 31)
        for _ in 0..<400 {
            let record = randomRecord(&random)
            let line = logged(record, .json)
            let read = try #require(parse(line), "\(line)")
            let strict = try StrictJSON.members(line.utf8.dropLast())
            #expect(read.members.keys.sorted() == strict.keys.sorted())
            for (name, value) in read.members {
                switch value {
                case .text(let text): #expect(text == strict[name])
                case .number(let text): #expect(text == strict[name])
                case .truth(let truth): #expect("\(truth)" == strict[name])
                case .null: Issue.record("\(name) is null")
                }
            }
            #expect(read.text("id") == record.idText)
            #expect(read.text("user") == record.user)
            #expect(read.text("rule") == record.rule)
            #expect(read.text("host") == (record.host.isEmpty ? nil : record.host))
            #expect(read.number("status") == Int64(record.status))
            #expect(read.number("look_up_us") == record.times.lookUp)
            #expect(read.truth("reused") == (record.upstream == nil ? nil : record.reused))
        }
    }

    @Test("a line that is cut anywhere is none")
    func cuts() {
        let line = logged(sampleRecord(), .json)
        for count in 0..<line.utf8.count - 1 { #expect(parse(line.prefix(count)) == nil) }
        #expect(parse(line.dropLast()) != nil)
        for format in [AccessLogFormat.short(colour: false), .combined, .squid] {
            #expect(parse(logged(sampleRecord(), format)) == nil)
        }
    }

    @Test("a field of another kind is not there")
    func kinds() throws {
        let line = try #require(parse(#"{"a":"1","b":1,"c":true,"d":1.5,"e":null}"#))
        #expect(line.text("a") == "1" && line.text("b") == nil && line.text("e") == nil)
        #expect(line.number("b") == 1 && line.number("a") == nil && line.number("d") == nil)
        #expect(line.members["d"] == .number("1.5"))
        #expect(line.truth("c") == true && line.truth("b") == nil && line.truth("x") == nil)
    }
}
