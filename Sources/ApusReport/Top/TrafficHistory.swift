/// What went on in a moment: rates a second, and gauges.
package struct TrafficPoint: Sendable, Equatable, BitwiseCopyable {
    /// In milliseconds since 1970.
    package var time: Int64 = 0
    package var served: Float = 0
    package var refused: Float = 0
    package var asked: Float = 0
    package var failed: Float = 0
    package var fromClients: Float = 0
    package var toClients: Float = 0
    package var clients: Float = 0
    package var upstreams: Float = 0
    package var tunnels: Float = 0
    package var running: Float = 0
    /// In microseconds; negative where nothing was measured.
    package var p50: Float = -1
    package var p90: Float = -1
    package var p99: Float = -1

    /// Nothing at all.
    package init() {}

    /// Requests a second, whatever became of them.
    package var requests: Float { served + refused + asked + failed }

    /// One point for several that follow each other: rates and gauges in the middle, latencies as of the last.
    package init(_ points: some Collection<TrafficPoint>) {
        self.init()
        let count = Float(max(1, points.count))
        for point in points {
            (time, p50, p90, p99) = (point.time, point.p50, point.p90, point.p99)
            served += point.served / count
            refused += point.refused / count
            asked += point.asked / count
            failed += point.failed / count
            fromClients += point.fromClients / count
            toClients += point.toClients / count
            clients += point.clients / count
            upstreams += point.upstreams / count
            tunnels += point.tunnels / count
            running += point.running / count
        }
    }
}

/// The last hour: five minutes by the second, all of it by ten seconds.
package struct TrafficHistory: Sendable {
    /// How many seconds are one point of the hour.
    package static let step = 10
    private static let mostSeconds = 300
    private static let mostSteps = 360

    private var newest: [TrafficPoint] = []
    private var hour: [TrafficPoint] = []
    private var open: [TrafficPoint] = []

    /// Nothing yet.
    package init() {}

    /// What all of it takes, in bytes.
    package var memory: Int {
        (newest.capacity + hour.capacity + open.capacity) * MemoryLayout<TrafficPoint>.stride
    }

    /// The last five minutes by the second, the oldest first.
    package var seconds: [TrafficPoint] { newest }

    /// The last hour by ten seconds, the oldest first; what is not whole yet is its last point.
    package var steps: [TrafficPoint] { open.isEmpty ? hour : hour + [TrafficPoint(open)] }

    /// Adds a second.
    package mutating func add(_ point: TrafficPoint) {
        if newest.count >= TrafficHistory.mostSeconds { newest.removeFirst() }
        newest.append(point)
        open.append(point)
        guard open.count >= TrafficHistory.step else { return }
        if hour.count >= TrafficHistory.mostSteps { hour.removeFirst() }
        hour.append(TrafficPoint(open))
        open.removeAll(keepingCapacity: true)
    }
}
