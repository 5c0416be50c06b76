import Apus
import ApusFlow
import ApusPolicy
import ApusWire
import Testing

@testable import ApusAdmin

@Suite("The page of metrics")
struct MetricsPageTests {
    private func lines(
        _ traffic: Traffic = Traffic(),
        process: ProcessFigures = ProcessFigures(),
        isReady: Bool = true,
        rules: Int = 0,
        lists: [String: Int] = [:]
    ) -> [String] {
        let page = MetricsPage(traffic: traffic, process: process, isReady: isReady, rules: rules, lists: lists)
        let text = String(decoding: page.text(), as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }

    private func traffic() -> Traffic {
        var traffic = Traffic()
        let times = PhaseTimes(decide: 10, lookUp: 20, connect: 30, firstByte: 40, total: 1000)
        traffic.counters.ended(.get, status: 200, times: times, fault: nil, isTunnel: false)
        traffic.counters.ended(.get, status: 403, times: times, fault: .refused(.rule), isTunnel: false)
        traffic.counters.ended(.connect, status: 502, times: times, fault: .terminated, isTunnel: true)
        traffic.counters.ended(.get, status: 407, times: times, fault: .refused(.credentialsMissing), isTunnel: false)
        traffic.counters.met(.poolEntry)
        traffic.counters.clientsOpen = 7
        traffic.counters.tunnelsOpen = 2
        traffic.counters.bytes = ByteCounts(fromClient: 10, toClient: 11, fromUpstream: 12, toUpstream: 13)
        var ads = RuleCounts()
        (ads.decided, ads.limited, ads.wouldRefuse) = (1, 3, 4)
        var other = RuleCounts()
        other.decided = 2
        traffic.ruleCounts = ["ads": ads, "a \"b\"": other]
        traffic.lists = ["ads": 3]
        traffic.threads = 4
        traffic.droppedLogLines = 5
        return traffic
    }

    @Test("what is counted stands under the names that stay") func counts() {
        let page = lines(traffic(), rules: 6, lists: ["ads": 100])
        for line in [
            #"apus_build_info{version="\#(ApusVersion.current)"} 1"#, "apus_ready 1", "apus_threads 4",
            #"apus_requests_total{method="GET",code="200"} 1"#, #"apus_requests_total{method="CONNECT",code="502"} 1"#,
            "apus_request_duration_seconds_count 1", "apus_request_duration_seconds_sum 0.001",
            #"apus_request_phase_seconds_count{phase="look_up"} 4"#, #"apus_denied_total{reason="rule"} 1"#,
            #"apus_errors_total{proxy_status="connection_terminated"} 1"#,
            #"apus_own_faults_total{place="pool_entry"} 1"#,
            #"apus_bytes_total{direction="from_client"} 10"#,
            #"apus_bytes_total{direction="to_upstream"} 13"#, #"apus_connections_active{side="client"} 7"#,
            "apus_tunnels_active 2", "apus_log_lines_dropped_total 5", "apus_policy_rules 6",
            #"apus_rule_matches_total{rule="a \"b\""} 2"#, #"apus_rule_limited_total{rule="ads"} 3"#,
            #"apus_rule_would_deny_total{rule="ads"} 4"#, #"apus_rule_would_deny_total{rule="a \"b\""} 0"#,
            #"apus_credentials_asked_total{reason="credentials_missing"} 1"#, #"apus_list_entries{list="ads"} 100"#,
            #"apus_list_hits_total{list="ads"} 3"#,
        ] { #expect(page.contains(line), "\(line)") }
        #expect(lines(isReady: false).contains("apus_ready 0"))
    }

    @Test("each family stands once, with its help, before its samples") func families() {
        var described: [String] = []
        var kinds: [String: String] = [:]
        for line in lines(traffic(), process: .current(), rules: 6, lists: ["ads": 100]) {
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix("# HELP ") {
                #expect(!described.contains(words[2]), "\(words[2])")
                described.append(words[2])
            } else if line.hasPrefix("# TYPE ") {
                #expect(described.last == words[2])
                kinds[words[2]] = words[3]
            } else {
                let name = String(line.prefix { $0 != "{" && $0 != " " })
                let family = described.last ?? ""
                let suffixes = kinds[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                #expect(suffixes.contains { family + $0 == name }, "\(line)")
            }
        }
        for (name, kind) in kinds { #expect(name.hasSuffix("_total") == (kind == "counter"), "\(name) is a \(kind)") }
    }

    @Test("every refusal, error type and place of an own fault has its series before the first, which so shows")
    func zeros() {
        let page = lines()
        for refusal in Refusal.allCases {
            let family = refusal.status == 407 ? "apus_credentials_asked_total" : "apus_denied_total"
            #expect(page.contains("\(family){reason=\"\(refusal.metricLabel)\"} 0"))
        }
        for type in ProxyErrorType.allCases {
            #expect(page.contains("apus_errors_total{proxy_status=\"\(type.token)\"} 0"))
        }
        for place in OwnFault.allCases {
            #expect(page.contains("apus_own_faults_total{place=\"\(place.label)\"} 0"))
        }
        // A series twice would make the whole page void.
        let samples = page.filter { !$0.hasPrefix("#") }.compactMap {
            $0.split(separator: " ").dropLast().joined(separator: " ")
        }
        #expect(samples.count == Set(samples).count)
    }

    @Test("neither a host, nor a user, nor a client is a label") func labels() {
        var traffic = traffic()
        traffic.hosts = [FrequentName(name: "secret.example", requests: 1, bytes: 1)]
        traffic.users = [FrequentName(name: "anna", requests: 1, bytes: 1)]
        let page = lines(traffic, process: .current(), lists: ["ads": 1])
        #expect(!page.contains { $0.contains("secret.example") || $0.contains("anna") })
        let names = page.filter { !$0.hasPrefix("#") }.flatMap { line in
            line.split(separator: "\"").filter { $0.hasSuffix("=") }
                .map { String($0.drop { $0 == "," }.split(separator: "{").last?.dropLast() ?? "") }
        }
        #expect(
            Set(names)
                == [
                    "version", "method", "code", "le", "result", "phase", "reason", "proxy_status", "direction", "side",
                    "rule", "place",
                    "list",
                ]
        )
    }

    @Test("what the system does not tell is left out") func process() {
        #expect(!lines().contains { $0.contains("process_") })
        var figures = ProcessFigures()
        figures.cpuSeconds = 1.25
        figures.openDescriptors = 9
        let page = lines(process: figures)
        #expect(page.contains("process_cpu_seconds_total 1.25") && page.contains("process_open_fds 9"))
        #expect(!page.contains { $0.contains("process_max_fds") })
    }
}
