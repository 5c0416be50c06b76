/// What a thread counts, by plain additions.
struct ThreadCounters {
    var accepted: UInt64 = 0
    var clients = 0
    var tunnels = 0
    var requests: UInt64 = 0
    var lookUps: UInt64 = 0
    var faults: UInt64 = 0
}
