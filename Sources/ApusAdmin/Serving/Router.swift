internal import HTTPTypes
internal import HummingbirdCore

/// What answers a request, by its path and its method.
struct Router: Sendable {
    /// Answers a request; the text is the part of its path that stands where the route has a name, as it was sent.
    typealias Answer = @Sendable (Request, String) async throws -> Response

    /// Nothing is at a path.
    struct NothingThere: Error {}

    private struct Route: Sendable {
        /// nil stands for the name.
        let parts: [Substring?]
        var answers: [HTTPRequest.Method: Answer]
    }

    private var routes: [Route] = []

    /// Answers GET, and HEAD without the content, at a path such as `/requests/:id`.
    mutating func get(_ path: String, _ answer: @escaping Answer) { on(.get, path, answer) }

    /// Answers DELETE at a path.
    mutating func delete(_ path: String, _ answer: @escaping Answer) { on(.delete, path, answer) }

    private mutating func on(_ method: HTTPRequest.Method, _ path: String, _ answer: @escaping Answer) {
        let parts = Router.parts(path).map { $0.hasPrefix(":") ? nil : $0 }
        if let index = routes.firstIndex(where: { $0.parts == parts }) {
            routes[index].answers[method] = answer
        } else {
            routes.append(Route(parts: parts, answers: [method: answer]))
        }
    }

    /// The answer to a request: 405 with Allow to a method that its path does not know (RFC 9110 §15.5.6).
    ///
    /// - Throws: ``NothingThere``, and what the answer throws.
    func answer(_ request: Request) async throws -> Response {
        let parts = Router.parts(request.uri.path)
        for route in routes {
            guard let name = Router.name(in: parts, by: route.parts) else { continue }
            if let answer = route.answers[request.method] { return try await answer(request, name) }
            if request.method == .head, let answer = route.answers[.get] {
                return try await answer(request, name).createHeadResponse()
            }
            return Router.refusal(request, route)
        }
        throw NothingThere()
    }

    /// The parts of a path; a slash that is doubled, or the last one, makes none.
    private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }

    /// What stands where the route has a name, empty where it has none; nil if the path is another one.
    private static func name(in parts: [Substring], by route: [Substring?]) -> String? {
        guard parts.count == route.count else { return nil }
        var name = ""
        for (part, wanted) in zip(parts, route) {
            if let wanted {
                guard part == wanted else { return nil }
            } else {
                name = String(part)
            }
        }
        return name
    }

    private static func refusal(_ request: Request, _ route: Route) -> Response {
        var methods = Set(route.answers.keys.map(\.rawValue))
        if methods.contains("GET") { methods.insert("HEAD") }
        let field = methods.sorted().joined(separator: ", ")
        var response = Response.fault(
            .methodNotAllowed,
            "\(request.method.rawValue) means nothing at \(request.uri.path).",
            hint: "It takes \(field); /api/openapi.json says what there is."
        )
        response.headers[.allow] = field
        return response
    }
}
