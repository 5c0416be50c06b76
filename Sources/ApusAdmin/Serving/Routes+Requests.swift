internal import Apus
internal import ApusFlow
internal import HTTPTypes
internal import Hummingbird

/// What is told of single requests.
extension Routes {
    func requests(_ request: Request) async -> Response {
        let query = request.uri.queryParameters
        let limit = min(10_000, max(0, query["limit"].flatMap { Int($0) } ?? 100))
        let filter = RequestFilter { name in query[name[...]].map(String.init) }
        let onlyRefused = query["refused"] == "1"
        // What the filter leaves out makes room for what is older.
        let isFiltered = !filter.isEmpty || onlyRefused
        let recent = await server.recent(limit: isFiltered ? .max : limit, onlyNotable: onlyRefused)
        let wanted = recent.records.reversed().lazy.filter { record in
            filter.matches(record) && (!onlyRefused || record.ending.how == .refused || record.ending.how == .limit)
        }
        let lines = wanted.prefix(limit).map { $0.json(redactQueries: redactsQueries) }
        return .json(JSONObject.of { $0.add("requests", JSONObject.array(lines)) })
    }

    func transaction(_ text: String) async -> Response {
        guard let id = UInt64(text, radix: 16) else {
            return .fault(.badRequest, "“\(text)” is no decision id.", hint: "An id has 16 hexadecimal digits.")
        }
        guard let found = await server.transaction(id) else {
            return .fault(
                .notFound,
                "The request \(text) is no longer recorded.",
                hint: "The recorder holds the last ones; --record-transactions holds more of them, the access log all."
            )
        }
        let isDecided = !server.currentRules.rules.isEmpty || found.record.ending.how == .refused
        let json = found.json(
            redactQueries: redactsQueries,
            explanation: isDecided ? server.explain(found.record)?.json : nil,
            suggestion: server.suggestion(for: found.record)?.text
        )
        return .json(json)
    }

    func end(_ text: String) async -> Response {
        guard let id = UInt64(text, radix: 16), await server.end(id) else {
            return .fault(.notFound, "Nothing that runs has the id \(text).", hint: "It may have ended by itself.")
        }
        return Response(status: .noContent)
    }

    func recording(_ request: Request) async -> Response {
        let limit = request.uri.queryParameters["limit"].flatMap { Int($0) } ?? Int.max
        let bytes = HTTPArchive.write(
            await server.transactions(limit: limit),
            version: ApusVersion.current,
            redactingQueries: redactsQueries
        )
        var response = Response(.ok, "application/json; charset=utf-8", bytes)
        response.headers[.contentDisposition] = "attachment; filename=\"apus.har\""
        return response
    }
}
