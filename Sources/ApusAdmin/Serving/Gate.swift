internal import ApusWire
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Asks the guard before anything else, and gives every answer the fields that keep a browser from doing with it what is not meant.
struct Gate: Sendable {
    let access: AccessGuard
    let router: Router
    let logger: Logger

    /// The client has sent what is no HTTP while it was being answered; a second answer would only confuse it.
    private struct NoMoreAnswers: Error {}

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

    /// Answers a request on its connection.
    func handle(_ request: Request, _ writer: consuming ResponseWriter) async throws {
        let response = await answer(request)
        do {
            try await writer.write(response: response.head, body: response.body)
        } catch is HTTPParserError {
            throw NoMoreAnswers()
        }
    }

    private func answer(_ request: Request) async -> Response {
        let question = AccessGuard.Question(
            method: request.method.rawValue,
            path: request.uri.path,
            host: request.head.authority,
            // The first one is the authority.
            hasSeveralHosts: Gate.host.map { !request.headers[values: $0].isEmpty } ?? false,
            origin: request.headers[.origin],
            fetchSite: Gate.fetchSite.flatMap { request.headers[$0] },
            authorization: request.headers[.authorization],
            cameByProxy: Gate.proxyFields.contains { request.headers.contains($0) }
        )
        var response: Response
        if let refusal = access.refusal(question) {
            response = Gate.answer(refusal)
        } else {
            do {
                response = try await router.answer(request)
            } catch is Router.NothingThere {
                response = Gate.answer(.notFound, request)
            } catch {
                logger.error("the admin listener cannot answer \(request.uri.path): \(error)")
                response = Response(status: .internalServerError)
            }
        }
        response.headers[.date] = Moment.date()
        for (name, value) in Gate.fields {
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
