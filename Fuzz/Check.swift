/// What the harnesses share: a claim that must hold for every input.

/// Ends the run when a claim does not hold; the fuzzer keeps the input that broke it.
func hold(_ claim: @autoclosure () -> Bool, _ what: @autoclosure () -> String, line: UInt = #line) {
    if !claim() { fatalError("line \(line): \(what())") }
}

/// The input of one run.
func input(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: start, count: count))
}

/// Offsets to cut an input at, chosen by its bytes, so that a run repeats.
func cuts(_ bytes: [UInt8], _ count: Int) -> [Int] {
    var random = Seeded(bytes.reduce(UInt64(bytes.count)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    return (0..<count).map { _ in Int(random.next() % UInt64(bytes.count + 1)) }
}
