internal import CApusReactor
internal import Glibc

/// A thread that hears of signals and does nothing else, so that nothing else that the process does can keep it from them.
package enum SignalThread {
    /// Has these signals told on a thread of its own, one after the other, in place of what they do by default.
    ///
    /// - Throws: the errno of what it needs: a pipe, the handlers, a thread.
    package static func start(_ numbers: [Int32], _ told: @escaping @Sendable (Int32) -> Void) throws(SocketError) {
        let descriptor = apus_watch_signals(numbers, Int32(numbers.count))
        guard descriptor >= 0 else { throw SocketError(code: -descriptor) }
        try ReactorThread.start(name: "apus-signals") {
            var byte: [UInt8] = [0]
            var ready: [UInt8] = [0]
            while apus_wait_readable([descriptor], 1, &ready, -1) >= 0 {
                while apus_read(descriptor, &byte, 1) == 1 { told(Int32(byte[0])) }
            }
        }
    }
}
