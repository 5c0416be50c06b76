import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing

@testable import ApusAdmin

@Suite("The routes of the admin listener")
struct RouterTests {
    private func router() -> Router {
        var router = Router()
        router.get("/") { _, _ in .text("home") }
        router.get("/api/open") { _, _ in .text("all") }
        router.get("/api/open/:id") { _, id in .text(id) }
        router.delete("/api/open/:id") { _, id in .text("no \(id)") }
        router.get("/assets/:name") { _, _ in throw Router.NothingThere() }
        return router
    }

    private func ask(_ method: HTTPRequest.Method, _ path: String) async throws -> (Response, text: String?) {
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path)
        let response = try await router().answer(Request(head: head, body: .init(buffer: .init())))
        return (response, response.headers[.contentLength])
    }

    @Test(
        "a path is found by its parts, without its query, and a name is passed on as it was sent",
        arguments: [
            ("/", "home"), ("/?a=b", "home"), ("/api/open", "all"), ("/api/open?limit=1", "all"), ("/api/open/", "all"),
            ("//api//open", "all"), ("/api/open/0a%2F", "0a%2F"), ("/api/open/open", "open"),
        ]
    )
    func found(_ path: String, _ text: String) async throws {
        let (response, length) = try await ask(.get, path)
        #expect(response.status == .ok && length == "\(text.utf8.count)")
    }

    @Test("a method has its own answer; HEAD has GET's fields without its content") func methods() async throws {
        #expect(try await ask(.delete, "/api/open/12").text == "5")
        let (head, length) = try await ask(.head, "/api/open")
        #expect(head.status == .ok && length == "3")
        #expect(head.body.contentLength == 0)
    }

    @Test("a method that the path does not know, whatever it is called, is told which ones it knows")
    func otherMethods() async throws {
        for method in [HTTPRequest.Method.post, .connect, HTTPRequest.Method("BREW")].compactMap({ $0 }) {
            let (response, _) = try await ask(method, "/api/open/12")
            #expect(response.status == .methodNotAllowed && response.headers[.allow] == "DELETE, GET, HEAD")
        }
        #expect(try await ask(.delete, "/api/open").0.headers[.allow] == "GET, HEAD")
    }

    @Test(
        "nothing is at another path, nor where the answer finds nothing",
        arguments: ["/api", "/api/open/1/2", "/API/open", "/assets/x", "*", "/api/open%2F1"]
    )
    func nothing(_ path: String) async throws {
        await #expect(throws: Router.NothingThere.self) { try await ask(.get, path) }
    }
}
