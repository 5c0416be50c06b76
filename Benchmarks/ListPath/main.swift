import ApusPolicy
import Glibc

// What a list of hosts costs: seconds to read it, memory at the peak, and a look-up.
//
//     ListPath [FORMAT [COUNT or FILE]]      a million made-up names in the form of domains, if nothing is said

/// Names like those of real lists, always the same.
struct Names {
    private var state: UInt64
    private let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private let ends = [".com", ".net", ".org", ".de", ".co.uk", ".info", ".xyz", ".ru"].map { Array($0.utf8) }

    init(seed: UInt64) { state = seed }

    private mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    private mutating func label(_ count: Int, into bytes: inout [UInt8]) {
        for _ in 0..<count { bytes.append(letters[next(letters.count)]) }
    }

    /// A name of two to four labels, 19 bytes in the mean.
    mutating func append(to bytes: inout [UInt8]) {
        for _ in 0..<next(3) {
            label(2 + next(6), into: &bytes)
            bytes.append(0x2e)
        }
        label(5 + next(9), into: &bytes)
        bytes += ends[next(ends.count)]
    }
}

func text(_ format: HostListFormat, _ count: Int) -> [UInt8] {
    let (before, behind) =
        switch format {
        case .hosts: ("0.0.0.0 ", "\n")
        case .domains: ("", "\n")
        case .adblock: ("||", "^\n")
        case .rpz: ("", " CNAME .\n")
        }
    var names = Names(seed: 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * (24 + before.utf8.count + behind.utf8.count))
    for _ in 0..<count {
        bytes += before.utf8
        names.append(to: &bytes)
        bytes += behind.utf8
    }
    return bytes
}

func contents(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        if count == 0 { return bytes }
        bytes += chunk[..<count]
    }
}

func peakMiB() -> Double {
    var usage = rusage()
    // RUSAGE_SELF
    getrusage(0, &usage)
    return Double(usage.ru_maxrss) / 1024
}

/// Nanoseconds a look-up over 200,000 names of which every second one is listed, and how many were found.
func lookUp(_ list: HostList, seed: UInt64, other: UInt64, rounds: Int) -> (nanoseconds: Double, found: Int) {
    var bytes: [UInt8] = []
    var ends = [0]
    var (listed, strange) = (Names(seed: seed), Names(seed: other))
    for index in 0..<200_000 {
        if index % 2 == 0 { listed.append(to: &bytes) } else { strange.append(to: &bytes) }
        ends.append(bytes.count)
    }
    var found = 0
    let start = ContinuousClock.now
    for _ in 0..<rounds {
        for index in 0..<200_000 where list.contains(bytes.span.extracting(ends[index]..<ends[index + 1])) {
            found += 1
        }
    }
    let nanoseconds = (ContinuousClock.now - start) / .nanoseconds(1)
    return (nanoseconds / Double(rounds * 200_000), found / max(rounds, 1))
}

let arguments = CommandLine.arguments
let format = arguments.count > 1 ? HostListFormat(rawValue: arguments[1]) ?? .domains : .domains
let source = arguments.count > 2 ? arguments[2] : "1000000"
let rounds = arguments.count > 3 ? Int(arguments[3]) ?? 5 : 5
let file = Int(source).map { text(format, $0) } ?? contents(source)
let before = peakMiB()
let start = ContinuousClock.now
let reading = format.read(file.span)
let seconds = (ContinuousClock.now - start) / .seconds(1)
let peak = peakMiB()
print("\(format.rawValue): \(file.count) bytes, \(reading.entries) names, \(reading.skipped) left out")
print(
    "read in \(Double(Int(seconds * 1000)) / 1000) s; peak \(Int(peak)) MiB, \(Int(peak - before)) MiB more than the file needed"
)
let measured = lookUp(reading.list, seed: 1, other: 2, rounds: rounds)
print("\(Int(measured.nanoseconds)) ns a look-up, \(measured.found) of 200000 found")
