extension Duration {
    /// As settings write it, with the units it needs: 5400 s as `1h30m`, zero as `0`. Parts of a millisecond are dropped.
    package var settingText: String {
        let (seconds, attoseconds) = components
        var rest = Int(min(seconds, Int64.max / 2000)) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        if rest <= 0 { return "0" }
        var text = ""
        for (name, milliseconds) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)]
        where rest >= milliseconds {
            text += "\(rest / milliseconds)\(name)"
            rest %= milliseconds
        }
        return text
    }
}
