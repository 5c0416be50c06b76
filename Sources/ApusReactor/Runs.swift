internal import CApusReactor

/// One or two runs of bytes that leave by one system call.
struct Runs {
    let first: UnsafeRawPointer
    let firstCount: Int
    let second: UnsafeRawPointer
    let secondCount: Int

    init(first: UnsafeRawPointer, firstCount: Int, second: UnsafeRawPointer, secondCount: Int) {
        self.first = first
        self.firstCount = firstCount
        self.second = second
        self.secondCount = secondCount
    }

    init(_ bytes: UnsafeRawPointer, _ count: Int) {
        self.init(first: bytes, firstCount: count, second: bytes, secondCount: 0)
    }

    var count: Int { firstCount + secondCount }

    /// How many the kernel took, or the negative errno.
    @inline(__always)
    func send(_ descriptor: Int32) -> Int {
        if secondCount == 0 { return apus_send(descriptor, first, firstCount) }
        if firstCount == 0 { return apus_send(descriptor, second, secondCount) }
        return apus_send_two(descriptor, first, firstCount, second, secondCount)
    }
}
