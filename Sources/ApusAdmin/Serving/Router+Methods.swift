internal import HTTPTypes
internal import Hummingbird

extension Router<BasicRequestContext> {
    private static var known: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .patch, .delete, .options, .trace]
            + [HTTPRequest.Method(rawValue: "QUERY")].compactMap { $0 }
    }

    /// Answers 405 with Allow to every other method of the paths that there are (RFC 9110 §15.5.6); to be called when all are there.
    func refuseOtherMethods() {
        var methods: [String: (path: RouterPath, methods: Set<HTTPRequest.Method>)] = [:]
        for route in routes { methods["\(route.path)", default: (route.path, [])].methods.insert(route.method) }
        for (path, known) in methods.values {
            let allowed = known.contains(.get) ? known.union([.head]) : known
            let field = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Router.known where !allowed.contains(method) {
                on(path, method: method) { request, _ in
                    var response = Response.fault(
                        .methodNotAllowed,
                        "\(request.method.rawValue) means nothing at \(request.uri.path).",
                        hint: "It takes \(field); /api/openapi.json says what there is."
                    )
                    response.headers[.allow] = field
                    return response
                }
            }
        }
    }
}
