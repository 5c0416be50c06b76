internal import Apus
internal import ApusFlow

extension OpenTransaction {
    /// One of `open` of the interface.
    func json(redactQueries: Bool) -> [UInt8] {
        JSONObject.of { object in
            object.add("id", idText)
            object.add("kind", "\(kind.word)")
            object.add("started", Moment.text(startedAt))
            object.add("age_seconds", Double(age) / 1_000_000)
            object.add("client", clientAddress)
            object.add("client_port", Int(clientPort))
            object.add("listener", listener)
            if let user { object.add("user", user) }
            object.add("method", method)
            object.add("host", host)
            object.add("port", Int(port))
            object.add("path", path.shownPath(redactQueries: redactQueries))
            object.add("phase", phase.rawValue)
            if let upstream { object.add("upstream", upstream) }
            object.add("bytes_from_client", bytes.fromClient)
            object.add("bytes_to_client", bytes.toClient)
            if let rule { object.add("rule", rule) }
        }
    }
}

extension OpenTraffic {
    /// `open` of the interface.
    func json(redactQueries: Bool) -> [UInt8] {
        JSONObject.of { object in
            object.add("total", total)
            object.add("shown", transactions.count)
            object.add("open", JSONObject.array(transactions.map { $0.json(redactQueries: redactQueries) }))
        }
    }
}

extension String {
    /// A path as the log shows it: where queries are redacted, `?…` stands in the place of one.
    func shownPath(redactQueries: Bool) -> String {
        guard redactQueries, let mark = firstIndex(of: "?") else { return self }
        return self[...mark] + "…"
    }
}
