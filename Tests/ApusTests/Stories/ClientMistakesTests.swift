import Apus
import ApusPolicy
import ApusTesting
import Testing

/// What people set wrong in their clients, and what the answer must say to whom sees it.
@Suite("Mistakes of clients", .timeLimit(.minutes(15)))
struct ClientMistakesTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        let status: Int
        let says: [String]

        init(_ name: String, _ request: String, _ status: Int, _ says: String...) {
            testDescription = name
            self.request = request
            self.status = status
            self.says = says
        }
    }

    private static let mistakes = [
        Mistake(
            "a protocol that nobody knows",
            "\u{1}\u{2}\r\n\r\n",
            400,
            "another protocol on this port is not understood"
        ),
        Mistake(
            "an https URL without a tunnel",
            head("GET", "https://o.example/"),
            501,
            "does not fetch https URLs",
            "Use CONNECT"
        ),
        Mistake("an ftp URL", head("GET", "ftp://o.example/x"), 501, "The URL's scheme is not supported", "CONNECT"),
        Mistake(
            "a path in place of a URL",
            "GET /x HTTP/1.1\r\nHost: o.example\r\n\r\n",
            400,
            "for a web server, not for a proxy"
        ),
        Mistake(
            "a tunnel without a port",
            "CONNECT o.example HTTP/1.1\r\nHost: o.example\r\n\r\n",
            400,
            "has no port",
            "example.com:443"
        ),
        Mistake(
            "a password in the URL",
            head("GET", "http://u:geheim@o.example/"),
            400,
            "holds a user name or a password"
        ),
        Mistake("an address with zeros in front", head("GET", "http://010.0.0.1/"), 400, "four decimal numbers"),
        Mistake("line feeds alone", "GET http://o.example/ HTTP/1.1\nHost: o.example\n\n", 400, "CR and LF"),
        Mistake("a name of one label", head("GET", "http://intranet/"), 502, "has one label", "Write the whole name"),
        Mistake(
            "the proxy by itself",
            "GET /settings HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            400,
            "for a web server, not for a proxy"
        ),
    ]

    @Test("each is answered with what is wrong and what to do", arguments: mistakes)
    func answered(_ mistake: Mistake) async throws {
        let proxy = try await TestProxy.start()
        let response = try await proxy.client { client in
            try client.send(mistake.request)
            return try client.readResponse()
        }
        #expect(response.status == mistake.status)
        for words in mistake.says { #expect(response.text.contains(words), "\(response.text)") }
        #expect(!response.text.contains("geheim"))
        _ = try await proxy.settle()
    }

    @Test("a browser is told that a proxy refuses, where the operator's words do not say so")
    func refuser() async throws {
        func page(_ text: String?, _ accept: String) async throws -> String {
            var rejection = Rejection()
            rejection.text = text
            var rules = PolicyRules()
            rules.rules = [Rule(.deny(rejection), when: Condition())]
            let proxy = try await TestProxy.start(rules: rules) { _ in }
            let response = try await proxy.fetch(head("GET", "http://o.example/", "Accept: \(accept)"))
            #expect(response.status == 403)
            _ = try await proxy.settle()
            return response.text
        }
        let words = "This proxy does not let you reach o.example; nobody there was asked."
        for text in ["Ask the web team.", "This proxy is for work.", nil] {
            #expect(try await page(text, "text/html").contains(words), "\(text ?? "-")")
        }
        #expect(try await !page("Ask the web team.", "text/plain").contains(words))
    }
}
