internal import Apus
internal import ApusReport
internal import HTTPTypes
internal import HummingbirdCore

/// What is told of the last hour, and of all together.
extension Routes {
    func top(_ request: Request) async -> Response {
        let query = request.uri.queryParameters
        guard let list = TopTraffic.List(rawValue: query["list"].map(String.init) ?? "clients") else {
            return .fault(.badRequest, "There is no such list.", hint: "list is clients, users, hosts or rules.")
        }
        guard let window = TopWindow(rawValue: query["window"].map(String.init) ?? "5m") else {
            return .fault(.badRequest, "There is no such window.", hint: "window is 1m, 5m, 1h or start.")
        }
        guard let measure = TopMeasure(rawValue: query["by"].map(String.init) ?? "requests") else {
            return .fault(.badRequest, "Nothing is ranked by that.", hint: "by is requests, bytes or refused.")
        }
        guard let limit = Routes.limit(query["limit"], otherwise: 50) else { return Routes.faultyLimit }
        guard let ranking = server.top(list, window, by: measure, limit: limit) else {
            return .fault(.serviceUnavailable, "The proxy does not run yet.", hint: "Ask again in a moment.")
        }
        return .json(ranking.json(list, window, by: measure))
    }

    func history(_ request: Request) async -> Response {
        let spans = ["5m": 1, "1h": TrafficHistory.step]
        guard let step = spans[request.uri.queryParameters["span"].map(String.init) ?? "5m"] else {
            return .fault(.badRequest, "Nothing is kept of such a time.", hint: "span is 5m or 1h.")
        }
        let history = await sampler.history
        let points = step == 1 ? history.seconds : history.steps
        return .json(
            JSONWriter.object { json in
                json.number("step_seconds", step)
                json.array("points", of: points.map(\.json))
            }
        )
    }
}
