internal import Apus
internal import ApusFlow
internal import ApusPolicy
internal import ApusWire

/// `/metrics`: what is counted, under names that stay. Never a host, a user or a client as a label.
struct MetricsPage {
    let traffic: Traffic
    let process: ProcessFigures
    let isReady: Bool
    let rules: Int
    let lists: [String: Int]

    /// The page.
    func text() -> [UInt8] {
        var page = PrometheusText()
        server(&page)
        requests(&page)
        outcomes(&page)
        bytes(&page)
        connections(&page)
        names(&page)
        policy(&page)
        process(&page)
        return page.bytes
    }

    private func server(_ page: inout PrometheusText) {
        page.family("apus_build_info", "gauge", "The version that runs; always 1.")
        page.sample("apus_build_info", [("version", ApusVersion.current)], "1")
        page.single(
            "apus_ready",
            "gauge",
            "Whether clients are served: 0 before the start and while draining.",
            isReady ? 1 : 0
        )
        page.single("apus_threads", "gauge", "Threads that answered this scrape within a second.", traffic.threads)
    }

    private func requests(_ page: inout PrometheusText) {
        let counters = traffic.counters
        page.family(
            "apus_requests_total",
            "counter",
            "Requests and tunnels that ended, by method and final status; code 0 where none was sent."
        )
        for row in counters.requests.rows {
            page.sample(
                "apus_requests_total",
                [("method", row.method.label), ("code", "\(row.status)")],
                "\(row.count)"
            )
        }
        page.single(
            "apus_requests_active",
            "gauge",
            "Requests that run now, tunnels not included.",
            counters.requestsOpen
        )
        page.family(
            "apus_request_duration_seconds",
            "histogram",
            "Requests from their first byte to their last; without tunnels, and without what was refused or asked for credentials."
        )
        page.histogram("apus_request_duration_seconds", counters.total)
        page.family("apus_request_phase_seconds", "histogram", "Phases of requests and tunnels.")
        for (phase, histogram) in [
            ("decide", counters.decide), ("look_up", counters.lookUp), ("connect", counters.connect),
            ("first_byte", counters.firstByte),
        ] {
            page.histogram("apus_request_phase_seconds", histogram, [("phase", phase)])
        }
    }

    private func outcomes(_ page: inout PrometheusText) {
        let counters = traffic.counters
        page.family("apus_denied_total", "counter", "Requests refused by a rule, a guard or a cap, by reason.")
        let refusals = Refusal.allCases.filter { $0.status != 407 }.map { "\($0.metricLabel)" }
        for (reason, count) in MetricsPage.rows(counters.refusals, refusals) {
            page.sample("apus_denied_total", [("reason", reason)], "\(count)")
        }
        page.family(
            "apus_credentials_asked_total",
            "counter",
            "Requests that were answered with the question for credentials (407), by reason."
        )
        let asked = Refusal.allCases.filter { $0.status == 407 }.map { "\($0.metricLabel)" }
        for (reason, count) in MetricsPage.rows(counters.challenges, asked) {
            page.sample("apus_credentials_asked_total", [("reason", reason)], "\(count)")
        }
        page.single(
            "apus_would_deny_total",
            "counter",
            "Requests that a report-only rule would have refused.",
            counters.wouldDeny
        )
        page.family("apus_errors_total", "counter", "Requests that failed otherwise, by RFC 9209 error type.")
        for (type, count) in MetricsPage.rows(counters.errors, ProxyErrorType.allCases.map { "\($0.token)" }) {
            page.sample("apus_errors_total", [("proxy_status", type)], "\(count)")
        }
        parents(&page)
        page.family(
            "apus_own_faults_total",
            "counter",
            "Where Apus was wrong itself, by place; what that belonged to was refused or closed."
        )
        for (place, count) in MetricsPage.rows(counters.ownFaults, OwnFault.allCases.map { "\($0.label)" }) {
            page.sample("apus_own_faults_total", [("place", place)], "\(count)")
        }
    }

    /// The proxies that stand between, where there are any.
    private func parents(_ page: inout PrometheusText) {
        let counters = traffic.counters
        guard !counters.parentsUp.isEmpty else { return }
        page.family("apus_parent_up", "gauge", "Whether a parent is in service: 1, or 0 while it is left alone.")
        for (parent, isUp) in counters.parentsUp.sorted(by: { $0.key < $1.key }) {
            page.sample("apus_parent_up", [("parent", parent)], isUp ? "1" : "0")
        }
        page.family("apus_parent_requests_total", "counter", "What came of requests that went by a parent.")
        for (parent, results) in counters.parents.sorted(by: { $0.key < $1.key }) {
            for (result, count) in results.sorted(by: { $0.key < $1.key }) {
                page.sample("apus_parent_requests_total", [("parent", parent), ("result", result)], "\(count)")
            }
        }
    }

    private func bytes(_ page: inout PrometheusText) {
        let counters = traffic.counters
        page.family(
            "apus_bytes_total",
            "counter",
            "Bytes that passed, heads included; what runs is counted as it passes."
        )
        for (direction, count) in [
            ("from_client", counters.bytes.fromClient), ("to_client", counters.bytes.toClient),
            ("from_upstream", counters.bytes.fromUpstream), ("to_upstream", counters.bytes.toUpstream),
        ] {
            page.sample("apus_bytes_total", [("direction", direction)], "\(count)")
        }
        page.single(
            "apus_log_lines_dropped_total",
            "counter",
            "Access lines that were dropped: the log was not there, or took them too slowly.",
            traffic.droppedLogLines
        )
    }

    /// By name, all that can occur included: a series that begins with its first event hides that one from `rate` and `increase`.
    private static func rows(_ counts: [String: UInt64], _ names: [String]) -> [(key: String, value: UInt64)] {
        let none = Dictionary(names.map { ($0, 0 as UInt64) }, uniquingKeysWith: &+)
        return counts.merging(none, uniquingKeysWith: &+).sorted { $0.key < $1.key }
    }

    private func connections(_ page: inout PrometheusText) {
        let counters = traffic.counters
        page.family(
            "apus_connections_active",
            "gauge",
            "Connections now, by side; upstream without the idle ones of the pool."
        )
        page.sample("apus_connections_active", [("side", "client")], "\(counters.clientsOpen)")
        page.sample("apus_connections_active", [("side", "upstream")], "\(counters.upstreamsOpen)")
        page.family("apus_connections_total", "counter", "Connections that were accepted, or begun, by side.")
        page.sample("apus_connections_total", [("side", "client")], "\(counters.clientsAccepted)")
        page.sample("apus_connections_total", [("side", "upstream")], "\(counters.upstreamsDialed)")
        page.single(
            "apus_pool_idle_connections",
            "gauge",
            "Idle connections to upstreams, kept for the next request.",
            counters.upstreamsIdle
        )
        page.single(
            "apus_pool_reused_total",
            "counter",
            "Requests that went over a connection from the pool.",
            counters.upstreamsReused
        )
        page.single("apus_tunnels_active", "gauge", "Tunnels and upgraded connections open now.", counters.tunnelsOpen)
        page.single(
            "apus_tunnels_total",
            "counter",
            "Tunnels and upgraded connections that were opened.",
            counters.tunnelsOpened
        )
    }

    private func names(_ page: inout PrometheusText) {
        let counters = traffic.counters
        page.single(
            "apus_dns_lookups_total",
            "counter",
            "Requests whose host's name had to be looked up.",
            counters.lookUps
        )
        page.single(
            "apus_dns_cache_hits_total",
            "counter",
            "Requests whose host's name was known.",
            counters.cachedNames
        )
        page.single("apus_dns_failures_total", "counter", "Look-ups that failed.", counters.failedLookUps)
    }

    private func policy(_ page: inout PrometheusText) {
        page.family("apus_config_reloads_total", "counter", "Reloads of the settings, by what came of them.")
        page.sample("apus_config_reloads_total", [("result", "success")], "\(traffic.reloads.succeeded)")
        page.sample("apus_config_reloads_total", [("result", "failure")], "\(traffic.reloads.failed)")
        page.single(
            "apus_config_last_reload_successful",
            "gauge",
            "Whether the last reload put new settings in force; 1 before the first.",
            traffic.reloads.hasLastSucceeded ? 1 : 0
        )
        page.single("apus_policy_rules", "gauge", "Rules in force.", rules)
        page.family("apus_rule_matches_total", "counter", "Requests that a rule decided, by its name or place.")
        let rules = traffic.ruleCounts.sorted { $0.key < $1.key }
        for (rule, counts) in rules { page.sample("apus_rule_matches_total", [("rule", rule)], "\(counts.decided)") }
        page.family(
            "apus_rule_would_deny_total",
            "counter",
            "Requests that a report-only rule would have refused, by its name or place."
        )
        for (rule, counts) in rules {
            page.sample("apus_rule_would_deny_total", [("rule", rule)], "\(counts.wouldRefuse)")
        }
        page.family("apus_rule_limited_total", "counter", "Requests that a limit refused, by the rule's name or place.")
        for (rule, counts) in rules { page.sample("apus_rule_limited_total", [("rule", rule)], "\(counts.limited)") }
        page.family("apus_list_entries", "gauge", "Entries of each list.")
        for (list, count) in lists.sorted(by: { $0.key < $1.key }) {
            page.sample("apus_list_entries", [("list", list)], "\(count)")
        }
        page.family("apus_list_hits_total", "counter", "Requests for which a list made a rule decide.")
        for (list, count) in traffic.lists.sorted(by: { $0.key < $1.key }) {
            page.sample("apus_list_hits_total", [("list", list)], "\(count)")
        }
    }

    private func process(_ page: inout PrometheusText) {
        if let value = process.cpuSeconds {
            page.single(
                "process_cpu_seconds_total",
                "counter",
                "User and system time of the process, in seconds.",
                value
            )
        }
        if let value = process.residentBytes {
            page.single("process_resident_memory_bytes", "gauge", "Resident memory, in bytes.", value)
        }
        if let value = process.virtualBytes {
            page.single("process_virtual_memory_bytes", "gauge", "Virtual memory, in bytes.", value)
        }
        if let value = process.openDescriptors {
            page.single("process_open_fds", "gauge", "Open descriptors.", value)
        }
        if let value = process.maxDescriptors {
            page.single("process_max_fds", "gauge", "How many descriptors may be open.", value)
        }
        if let value = process.startSeconds {
            page.single("process_start_time_seconds", "gauge", "When the process began, in seconds since 1970.", value)
        }
    }
}
