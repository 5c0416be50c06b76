internal import Apus
internal import ApusReport

extension OpenTransaction {
    /// One of `open` of the interface.
    func json(redactQueries: QueryRedaction) -> [UInt8] {
        JSONWriter.object { json in
            json.text("id", idText)
            json.text("kind", "\(kind.word)")
            json.text("started", Moment.text(startedAt))
            json.decimal("age_seconds", Double(age) / 1_000_000)
            json.text("client", clientAddress)
            json.number("client_port", clientPort)
            json.text("listener", listener)
            if let user { json.text("user", user) }
            json.text("method", method)
            json.text("host", host)
            json.number("port", port)
            json.text("path", SecretQuery.shown(path, redactQueries))
            json.text("phase", phase.rawValue)
            if let upstream { json.text("upstream", upstream) }
            json.number("bytes_from_client", bytes.fromClient)
            json.number("bytes_to_client", bytes.toClient)
            if let rule { json.text("rule", rule) }
        }
    }
}

extension OpenTraffic {
    /// `open` of the interface.
    func json(redactQueries: QueryRedaction) -> [UInt8] {
        JSONWriter.object { json in
            json.number("total", total)
            json.number("shown", transactions.count)
            json.array("open", of: transactions.map { $0.json(redactQueries: redactQueries) })
        }
    }
}
