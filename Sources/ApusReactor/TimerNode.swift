/// One deadline in the wheel: 16 bytes. A node that is all zeros is neither armed nor in the wheel.
struct TimerNode {
    /// No node, in the links.
    static let none: UInt32 = 1 << TimerNode.linkBits - 1
    private static let linkBits: UInt32 = 26
    private static let bucketShift: UInt64 = 2 * UInt64(TimerNode.linkBits)

    /// The tick at which it expires; 0: not armed.
    var deadline: UInt32 = 0
    /// Of whom it is, among those that had its place.
    var serial: UInt32 = 0
    /// The neighbours in its bucket, 26 bits each, and the bucket's number plus one.
    var links: UInt64 = 0

    init() {}

    /// The node behind it in its bucket.
    var next: UInt32 {
        get { UInt32(truncatingIfNeeded: links) & TimerNode.none }
        set { links = links & ~UInt64(TimerNode.none) | UInt64(newValue) }
    }

    /// The node in front of it.
    var previous: UInt32 {
        get { UInt32(truncatingIfNeeded: links >> UInt64(TimerNode.linkBits)) & TimerNode.none }
        set {
            let mask = UInt64(TimerNode.none) << UInt64(TimerNode.linkBits)
            links = links & ~mask | UInt64(newValue) << UInt64(TimerNode.linkBits)
        }
    }

    /// Whether it lies in a bucket.
    var isPlaced: Bool { links >> TimerNode.bucketShift != 0 }
    /// The bucket in which it lies.
    var bucket: UInt32 { UInt32(truncatingIfNeeded: links >> TimerNode.bucketShift) &- 1 }

    /// Puts it into a bucket as the first one.
    mutating func place(in bucket: UInt32, before next: UInt32) {
        previous = TimerNode.none
        self.next = next
        links = links & (1 << TimerNode.bucketShift - 1) | UInt64(bucket + 1) << TimerNode.bucketShift
    }

    /// It lies in no bucket any more.
    mutating func lift() { links = 0 }
}
