extension ReactorIO {
    /// Arms a deadline, or moves it: `expired` comes when at least `ticks` times 100 ms have passed. Another one of the same kind and index,
    /// with another serial, is disarmed by it.
    ///
    /// Nothing has to be disarmed when what it is of ends: `expired` comes with a serial that is nobody's then.
    @inline(__always)
    public mutating func arm(_ timer: Timer, ticks: UInt32) {
        // The tick under way is partly over, so one more is needed.
        let (deadline, overflow) = (tick &+ 1).addingReportingOverflow(ticks)
        wheel.arm(timer, at: overflow ? .max : deadline)
    }

    /// Disarms a deadline.
    public mutating func disarm(_ timer: Timer) { wheel.disarm(timer) }
}
