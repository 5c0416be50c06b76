internal import HTTPTypes
internal import Hummingbird

/// Asks the guard before anything else, and gives every answer the fields that keep a browser from doing with it what is not meant.
struct GuardMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let access: AccessGuard

    private static let host = HTTPField.Name("Host")
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
    private static let proxyFields = ["Via", "Proxy-Connection"].compactMap { HTTPField.Name($0) }
    private static let fields: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let question = AccessGuard.Question(
            method: request.method.rawValue,
            path: request.uri.path,
            host: request.head.authority,
            // The first one is the authority.
            hasSeveralHosts: GuardMiddleware.host.map { !request.headers[values: $0].isEmpty } ?? false,
            origin: request.headers[.origin],
            fetchSite: GuardMiddleware.fetchSite.flatMap { request.headers[$0] },
            authorization: request.headers[.authorization],
            cameByProxy: GuardMiddleware.proxyFields.contains { request.headers.contains($0) }
        )
        var response: Response
        if let refusal = access.refusal(question) {
            response = GuardMiddleware.answer(refusal)
        } else {
            do {
                response = try await next(request, context)
            } catch let error as HTTPError {
                response = GuardMiddleware.answer(error.status, request)
            }
        }
        for (name, value) in GuardMiddleware.fields {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }

    private static func answer(_ status: HTTPResponse.Status, _ request: Request) -> Response {
        .fault(
            status,
            "There is nothing at \(request.uri.path).",
            hint: "/api/openapi.json says what there is."
        )
    }

    private static func answer(_ refusal: AccessGuard.Refusal) -> Response {
        switch refusal {
        case .malformedHost:
            return .fault(
                .badRequest,
                "The request has no Host header field, or more than one.",
                hint: "Send exactly one."
            )
        case .unknownName(let name):
            return .fault(
                .misdirectedRequest,
                name.isEmpty ? "The request names no host." : "The name \(name) is not one of this admin listener.",
                hint: "Ask by address or by localhost, or allow the name by --admin-names."
            )
        case .cameByProxy:
            return .fault(
                .forbidden,
                "The request has come through a proxy, or was meant for one.",
                hint: "Ask the admin listener directly; in curl by --noproxy '*'."
            )
        case .otherSite:
            return .fault(.forbidden, "The request comes from a page of another site.", hint: "Open the page itself.")
        case .noToken:
            var response = Response.fault(
                .unauthorized,
                "The admin listener wants its token.",
                hint:
                    "Send Authorization: Bearer TOKEN, or give the token as the password; the user name does not matter."
            )
            response.headers[.wwwAuthenticate] = "Basic realm=\"Apus admin\", charset=\"UTF-8\""
            return response
        }
    }
}
