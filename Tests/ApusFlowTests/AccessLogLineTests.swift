import ApusPolicy
import Testing

@testable import ApusFlow

@Suite("Access log line")
struct AccessLogLineTests {
    private func parse(_ text: some StringProtocol) -> AccessLogLine? {
        let bytes = Array(text.utf8)
        return AccessLogLine.parse(bytes.span)
    }

    private func observed(_ record: AccessRecord) -> ObservedRequest? { parse(logged(record, .json))?.observed }

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

    @Test("what was served is observed: requests, tunnels, upgrades")
    func served() {
        var record = sampleRecord()
        record.user = "anna"
        #expect(
            observed(record) == ObservedRequest("GET", isTunnel: false, host: "example.com", port: 80, user: "anna")
        )
        record.kind = .upgrade
        #expect(observed(record)?.isTunnel == false)
        record = sampleTunnel()
        #expect(observed(record) == ObservedRequest("CONNECT", isTunnel: true, host: "2001:db8::1", port: 443))
        #expect(observed(record)?.isPlainTunnel == false)
        record.unjudged = "tunnel_not_tls"
        #expect(observed(record)?.isPlainTunnel == true)
        record.unjudged = nil
        record.wouldDeny = "tunnel_not_tls"
        #expect(observed(record)?.isPlainTunnel == true)
        record.wouldDeny = nil
        record.status = 404
        #expect(observed(record)?.outcome == .served)
    }

    @Test(
        "an address that needs an exception to the guard is told",
        arguments: [
            ("10.0.0.1:80", true), ("127.0.0.1:80", true), ("[fd00::1]:80", true), ("[::1]:80", true),
            ("192.0.2.1:80", false),
            ("[2001:db8::1]:80", false), ("169.254.1.1:80", false), ("nonsense", false), ("[::]", false),
        ]
    )
    func privateAddresses(_ upstream: String, _ isPrivate: Bool) {
        var record = sampleRecord()
        record.upstream = upstream
        #expect(observed(record)?.isPrivate == isPrivate)
    }

    @Test("what was denied or failed is told with its label, the rule's name first")
    func others() {
        var record = sampleRecord()
        record.status = 403
        record.proxyStatus = "http_request_denied"
        record.fault = "policy"
        #expect(observed(record)?.outcome == .denied("policy"))
        record.rule = "no games"
        #expect(observed(record)?.outcome == .denied("no games"))
        record.rule = nil
        record.proxyStatus = "destination_ip_prohibited"
        record.fault = "loopback"
        #expect(observed(record)?.outcome == .denied("loopback"))
        record.proxyStatus = "dns_error"
        record.fault = nil
        #expect(observed(record)?.outcome == .failed("dns_error"))
        record.proxyStatus = nil
        record.status = 0
        #expect(observed(record)?.outcome == .failed("no_answer"))
    }

    @Test("what was no request to an origin is not observed")
    func none() {
        for change in [
            { $0.host = "" }, { $0.method = "" }, { $0.port = 0 }, { $0.proxyStatus = "http_request_error" },
            { $0.proxyStatus = "proxy_internal_response" }, { $0.status = 407 },
        ] as [(inout AccessRecord) -> Void] {
            var record = sampleRecord()
            change(&record)
            #expect(observed(record) == nil)
        }
        #expect(parse("{}")?.observed == nil)
    }
}
