public import ApusFlow
package import ApusWire

/// What a server has counted since its start, and its gauges of now. Each thread has one, by plain additions; they are added when read.
public struct TrafficCounters: Sendable, Equatable {
    /// Requests and tunnels that ended, by method and status.
    public internal(set) var requests = RequestCounts()
    /// Clients that connected, and connections to upstreams that were begun.
    public package(set) var clientsAccepted: UInt64 = 0
    public package(set) var upstreamsDialed: UInt64 = 0
    /// Requests that went over a connection from the pool.
    public package(set) var upstreamsReused: UInt64 = 0
    /// Tunnels and upgraded connections that were opened.
    public package(set) var tunnelsOpened: UInt64 = 0
    /// Clients connected now, in tunnels or not.
    public package(set) var clientsOpen = 0
    /// Connections to upstreams in use now, and idle ones in the pool.
    public package(set) var upstreamsOpen = 0
    public package(set) var upstreamsIdle = 0
    /// Tunnels and upgraded connections open now.
    public package(set) var tunnelsOpen = 0
    /// Requests that run now, tunnels not included.
    public package(set) var requestsOpen = 0
    /// What has passed, heads included; what runs is counted as it passes.
    public package(set) var bytes = ByteCounts()
    /// Refusals by the label of their reason; see `Refusal.metricLabel`. That credentials were asked for is none.
    public internal(set) var refusals: [String: UInt64] = [:]
    /// How often credentials were asked for (407), by the label of the reason.
    public internal(set) var challenges: [String: UInt64] = [:]
    /// Other faults by their RFC 9209 type.
    public internal(set) var errors: [String: UInt64] = [:]
    /// Own faults by the label of their place; see ``OwnFault``.
    public internal(set) var ownFaults: [String: UInt64] = [:]
    /// What came of requests that went by a parent, by its name and then by the word of ``ParentFault/result``, or `ok`.
    public internal(set) var parents: [String: [String: UInt64]] = [:]
    /// Whether a parent is in service now, by its name, as far as any thread has found.
    public package(set) var parentsUp: [String: Bool] = [:]
    /// Requests that a report-only rule would have refused.
    public package(set) var wouldDeny: UInt64 = 0
    /// Names that had to be looked up, those that the cache knew, and look-ups that failed.
    public package(set) var lookUps: UInt64 = 0
    public package(set) var cachedNames: UInt64 = 0
    public package(set) var failedLookUps: UInt64 = 0
    /// How long requests took in all, from the first byte to the last; tunnels are not among them, nor what was refused or asked for
    /// credentials.
    public internal(set) var total = LatencyHistogram()
    /// How long the phases took, of requests and tunnels.
    public internal(set) var decide = LatencyHistogram()
    public internal(set) var lookUp = LatencyHistogram()
    public internal(set) var connect = LatencyHistogram()
    public internal(set) var firstByte = LatencyHistogram()

    /// Nothing yet.
    public init() {}

    /// How many requests were refused.
    public var refused: UInt64 { refusals.values.reduce(0, &+) }
    /// How many were passed on, whatever their origins answered.
    public var served: UInt64 { requests.total &- min(requests.total, refused &+ asked &+ failed) }
    /// How many were answered with the question for credentials.
    public var asked: UInt64 { challenges.values.reduce(0, &+) }
    /// How many failed otherwise.
    public var failed: UInt64 { errors.values.reduce(0, &+) }

    /// Counts a request or tunnel that is over.
    package mutating func ended(_ method: Method, status: UInt16, times: PhaseTimes, fault: Fault?, isTunnel: Bool) {
        requests.add(method, status)
        let outcome = RequestOutcome(fault)
        // Who is refused or asked waits for nobody: it would hide how long the others do.
        if !isTunnel, outcome == .served || outcome == .failed { total.add(UInt64(max(0, times.total))) }
        if let time = times.decide { decide.add(UInt64(max(0, time))) }
        if let time = times.lookUp { lookUp.add(UInt64(max(0, time))) }
        if let time = times.connect { connect.add(UInt64(max(0, time))) }
        if let time = times.firstByte { firstByte.add(UInt64(max(0, time))) }
        guard let fault else { return }
        switch outcome {
        case .refused: refusals["\(fault.label)", default: 0] &+= 1
        case .asked: challenges["\(fault.label)", default: 0] &+= 1
        case .failed, .served: errors["\(fault.proxyErrorType.token)", default: 0] &+= 1
        }
    }

    /// Counts an own fault.
    package mutating func met(_ place: OwnFault) { ownFaults["\(place.label)", default: 0] &+= 1 }

    /// Counts what came of a request that went by a parent.
    package mutating func went(by parent: String, _ result: StaticString) {
        parents[parent, default: [:]]["\(result)", default: 0] &+= 1
    }

    /// The sums alone, of a thread whose gauges are not known any more.
    package var sums: TrafficCounters {
        var sums = self
        sums.clientsOpen = 0
        sums.upstreamsOpen = 0
        sums.upstreamsIdle = 0
        sums.tunnelsOpen = 0
        sums.requestsOpen = 0
        sums.parentsUp = [:]
        return sums
    }

    /// Adds what another thread has counted.
    public mutating func add(_ other: TrafficCounters) {
        requests.add(other.requests)
        clientsAccepted &+= other.clientsAccepted
        upstreamsDialed &+= other.upstreamsDialed
        upstreamsReused &+= other.upstreamsReused
        tunnelsOpened &+= other.tunnelsOpened
        clientsOpen += other.clientsOpen
        upstreamsOpen += other.upstreamsOpen
        upstreamsIdle += other.upstreamsIdle
        tunnelsOpen += other.tunnelsOpen
        requestsOpen += other.requestsOpen
        bytes.add(other.bytes)
        refusals.merge(other.refusals, uniquingKeysWith: &+)
        challenges.merge(other.challenges, uniquingKeysWith: &+)
        errors.merge(other.errors, uniquingKeysWith: &+)
        ownFaults.merge(other.ownFaults, uniquingKeysWith: &+)
        parentsUp.merge(other.parentsUp) { $0 || $1 }
        parents.merge(other.parents) { $0.merging($1, uniquingKeysWith: &+) }
        wouldDeny &+= other.wouldDeny
        lookUps &+= other.lookUps
        cachedNames &+= other.cachedNames
        failedLookUps &+= other.failedLookUps
        total.add(other.total)
        decide.add(other.decide)
        lookUp.add(other.lookUp)
        connect.add(other.connect)
        firstByte.add(other.firstByte)
    }
}
