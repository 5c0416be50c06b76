internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor

/// Tunnels whose bytes a limit counts: both ways in slices, as the bodies of requests.
extension ProxyThread {
    /// How often the bytes of a slice that is under way are counted, in ticks: in a tunnel that is busy, and in an idle one.
    private static let busyTicks: UInt32 = 10
    private static let idleTicks: UInt32 = 100

    /// The tunnel stands: relays both ways begin.
    mutating func openPacedTunnel(_ index: UInt32, _ io: inout ReactorIO) {
        io.arm(tunnels[index].upstream, ticks: ProxyThread.busyTicks)
        if !tunnels[index].tunnel.isHolding { relayTunnelSlice(index, .up, &io) }
        if tunnels.contains(index) { relayTunnelSlice(index, .down, &io) }
    }

    /// Whether a limit counts the bytes of a tunnel.
    func isPaced(_ tunnel: TunnelConnection) -> Bool {
        tunnel.usage != UsageHolds.none && usage[tunnel.usage].countsBytes
    }

    /// A slice has been moved, or all that there still was in front of a FIN.
    mutating func tunnelRelayed(_ index: UInt32, _ way: Way, _ io: inout ReactorIO) {
        let hold = tunnels[index].usage
        guard isPaced(tunnels[index]) else {
            if way == .up { lastRelayed(index, UInt64(tunnels[index].last), &io) }
            return
        }
        let slice = usage[hold][slice: way]
        usage[hold][slice: way] = 0
        if way == .up, tunnels[index].last > 0 {
            lastRelayed(index, slice, &io)
            guard tunnels.contains(index), tunnels[index].last > 0 else { return }
        } else {
            tunnels[index].notes.count(way, came: slice, went: slice)
        }
        relayTunnelSlice(index, way, &io)
    }

    /// A pause may be over; or it is time to count what has passed.
    mutating func tunnelUsageTicked(_ index: UInt32, _ io: inout ReactorIO) {
        let hold = tunnels[index].usage
        guard hold != UsageHolds.none else { return }
        let before = usage.counted(hold)
        guard let pace = tunnelPace(index, &io) else { return }
        guard usage[hold].isWaiting else {
            let isIdle = usage.counted(hold) == before
            return io.arm(tunnels[index].upstream, ticks: isIdle ? ProxyThread.idleTicks : ProxyThread.busyTicks)
        }
        io.arm(tunnels[index].upstream, ticks: ProxyThread.pauseTicks(pace.wait))
        guard pace.wait == 0 else { return }
        let waits = usage[hold]
        usage[hold].waitsUp = false
        usage[hold].waitsDown = false
        io.arm(tunnels[index].upstream, ticks: ProxyThread.busyTicks)
        if waits.waitsUp {
            io.resume(tunnels[index].client)
            relayTunnelSlice(index, .up, &io)
        }
        guard waits.waitsDown, tunnels.contains(index), tunnels[index].usage == hold else { return }
        io.resume(tunnels[index].upstream)
        relayTunnelSlice(index, .down, &io)
    }

    /// The next slice, or the pause before it.
    mutating func relayTunnelSlice(_ index: UInt32, _ way: Way, _ io: inout ReactorIO) {
        guard let pace = tunnelPace(index, &io) else { return }
        let tunnel = tunnels[index]
        let source = way == .up ? tunnel.client : tunnel.upstream
        guard pace.wait == 0 else {
            usage[tunnel.usage][waits: way] = true
            io.pause(source)
            return io.arm(tunnel.upstream, ticks: ProxyThread.pauseTicks(pace.wait))
        }
        var slice = pace.slice
        if way == .up, tunnel.last > 0 { slice = min(slice, UInt64(tunnel.last)) }
        usage[tunnel.usage][slice: way] = slice
        io.relay(from: source, to: way == .up ? tunnel.upstream : tunnel.client, count: slice)
    }

    /// Counts what has passed, and says how it goes on; nil when nothing more may pass, and the tunnel has ended.
    private mutating func tunnelPace(_ index: UInt32, _ io: inout ReactorIO) -> UsagePace? {
        let total = tunnelUsageTotal(index, io)
        let pace = usage.spend(tunnels[index].usage, total: total, at: UsageMoment(io))
        guard pace.isUsedUp else { return pace }
        performTunnel(tunnels[index].tunnel.usedUp(), index, &io)
        return nil
    }
}
