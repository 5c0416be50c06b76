internal import Glibc

/// The memory of one reactor through which all bytes go. Its pages cost nothing until they are touched.
struct Buffers: ~Copyable {
    /// Room for kept bytes, and one read behind them.
    let input: UnsafeMutablePointer<UInt8>
    let scratch: UnsafeMutablePointer<UInt8>
    /// The scratch outside of `received`, where the handler may hold the other one.
    let spare: UnsafeMutablePointer<UInt8>
    /// What was read of a sealed socket.
    let sealedInput: UnsafeMutablePointer<UInt8>
    /// What a seal has written.
    let sealedOutput: UnsafeMutablePointer<UInt8>
    /// How much of the input the handler is shown at this moment.
    private(set) var shown = 0

    init() throws(SocketError) {
        let inputSize = 2 * ReactorIO.inputCapacity
        let size = inputSize + 2 * ReactorIO.scratchCapacity + SealRoom.opened + SealRoom.sealed
        guard let memory = calloc(size, 1) else { throw .outOfMemory }
        input = memory.assumingMemoryBound(to: UInt8.self)
        scratch = input + inputSize
        spare = scratch + ReactorIO.scratchCapacity
        sealedInput = spare + ReactorIO.scratchCapacity
        sealedOutput = sealedInput + SealRoom.opened
    }

    deinit { free(input) }

    @inline(__always)
    mutating func show(_ count: Int) { shown = count }
}
