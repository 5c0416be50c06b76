internal import Apus
internal import ApusReport
internal import HTTPTypes
internal import HummingbirdCore

/// What is told of single requests.
extension Routes {
    func requests(_ request: Request) async -> Response {
        let query = request.uri.queryParameters
        guard let limit = Routes.limit(query["limit"], otherwise: 100).map({ min(10_000, $0) }) else {
            return Routes.faultyLimit
        }
        let filter = RequestFilter { name in query[name[...]].map(String.init) }
        guard !filter.hasFaultyStatus else {
            return .fault(.badRequest, "The status is none.", hint: "status=404 finds one, status=4xx a class.")
        }
        guard ["", "0", "1", nil].contains(query["refused"]) else {
            return .fault(.badRequest, "“refused” is neither 0 nor 1.", hint: "refused=1 finds what was refused.")
        }
        let onlyRefused = query["refused"] == "1"
        // What the filter leaves out makes room for what is older.
        let isFiltered = !filter.isEmpty || onlyRefused
        let recent = await server.recent(limit: isFiltered ? .max : limit, onlyNotable: onlyRefused)
        let wanted = recent.records.reversed().lazy.filter { record in
            filter.matches(record, redactQueries: redactsQueries)
                && (!onlyRefused
                    || record.status != 407 && (record.ending.how == .refused || record.ending.how == .limit))
        }
        let lines = wanted.prefix(limit).map { $0.json(redactQueries: redactsQueries) }
        return .json(JSONWriter.object { $0.array("requests", of: lines) })
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
        // Whoever may look without a token may not change anything: every user of this machine can reach its loopback.
        guard server.configuration.admin.tokenFile != nil else {
            return .fault(
                .forbidden,
                "Without a token nothing is changed here.",
                hint: "apus end \(UInt64(text, radix: 16) == nil ? "ID" : text) closes it; or set --admin-token-file."
            )
        }
        guard let id = UInt64(text, radix: 16), await server.end(id) else {
            return .fault(.notFound, "Nothing that runs has the id \(text).", hint: "It may have ended by itself.")
        }
        return Response(status: .noContent)
    }

    func recording(_ request: Request) async -> Response {
        guard let limit = Routes.limit(request.uri.queryParameters["limit"], otherwise: .max) else {
            return Routes.faultyLimit
        }
        // Each stands in memory several times over while it is made.
        guard archives.begin() else {
            var busy = Response.fault(
                .serviceUnavailable,
                "Two recordings are being made already.",
                hint: "Ask again in a moment."
            )
            busy.headers[.retryAfter] = "1"
            return busy
        }
        defer { archives.end() }
        let bytes = HTTPArchive.write(
            await server.transactions(limit: limit),
            version: ApusVersion.current,
            redactingQueries: redactsQueries
        )
        var response = Response(.ok, "application/json; charset=utf-8", bytes)
        response.headers[.contentDisposition] = "attachment; filename=\"apus.har\""
        return response
    }

    /// A limit of a query; nil for one that is no number, or a negative one.
    static func limit(_ text: Substring?, otherwise usual: Int) -> Int? {
        guard let text, !text.isEmpty else { return usual }
        guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return Int(text) ?? .max
    }

    static var faultyLimit: Response {
        .fault(.badRequest, "The limit is no number.", hint: "limit=100 shows at most a hundred.")
    }
}
