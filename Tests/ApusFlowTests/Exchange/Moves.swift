import ApusFlow
import ApusTesting

/// Openings that most stories share.
extension Move where Machine == HTTP1Connection {
    /// A GET that asks for nothing special.
    static var get: Move {
        .requested("GET http://a.example/ HTTP/1.1", "Host: a.example").gives(upstream: .reach)
    }

    /// A POST of ten bytes.
    static var post: Move {
        .requested("POST http://a.example/ HTTP/1.1", "Host: a.example", "Content-Length: 10")
            .gives(upstream: .reach)
    }

    /// A POST that waits for a 100 before its body.
    static var expectingPost: Move {
        .requested(
            "POST http://a.example/ HTTP/1.1",
            "Host: a.example",
            "Content-Length: 10",
            "Expect: 100-continue"
        )
        .gives(upstream: .reach)
    }

    /// A POST of chunks.
    static var postChunks: Move {
        .requested("POST http://a.example/ HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked")
            .gives(upstream: .reach)
    }

    /// A GET of an HTTP/1.0 client.
    static var oldGet: Move {
        .requested("GET http://a.example/ HTTP/1.0").gives(upstream: .reach)
    }

    /// A GET that offers a WebSocket.
    static var upgrade: Move {
        .requested("GET http://a.example/ HTTP/1.1", "Host: a.example", "Connection: upgrade", "Upgrade: websocket")
            .gives(upstream: .reach)
    }

    static var connect: Move {
        .requested("CONNECT a.example:443 HTTP/1.1", "Host: a.example:443").gives(upstream: .reach)
    }

    /// A connection for a request without a body.
    static func sent(reused: Bool = false) -> Move {
        .reached(reused: reused).gives(upstream: .sendHead, deadline: .firstByte)
    }

    /// A connection for a request with a body.
    static func sentHead(reused: Bool = false) -> Move {
        .reached(reused: reused).gives(upstream: .sendHead, deadline: .requestBody)
    }

    /// A response of some length, forwarded.
    static var ok: Move {
        .responded("HTTP/1.1 200 OK", "Content-Length: 5").gives(client: .forwardHead, deadline: .responseBody)
    }

    /// A chunked response, forwarded.
    static var okChunks: Move {
        .responded("HTTP/1.1 200 OK", "Transfer-Encoding: chunked").gives(client: .forwardHead, deadline: .responseBody)
    }

    /// A response that ends with its connection, forwarded.
    static var okUntilClose: Move {
        .responded("HTTP/1.1 200 OK").gives(client: .forwardHead, deadline: .responseBody)
    }

    /// The response is over, and both connections go on.
    static var done: Move {
        .responseBodyEnded.gives(client: .next, upstream: .pool, deadline: .keepAlive, ending: .complete)
    }

    /// The response is over, and so is what the client has said to be its last request.
    static var doneAndFinish: Move {
        .responseBodyEnded.gives(client: .finish, upstream: .pool, deadline: .linger, ending: .complete)
    }

    /// The response is over, and the client's connection closes behind it.
    static func doneAndLinger(upstream: Step.UpstreamAction = .pool) -> Move {
        .responseBodyEnded.gives(client: .linger, upstream: upstream, deadline: .linger, ending: .complete)
    }
}

extension Move {
    /// The event closes the connection without a word.
    func closes(upstream: Step.UpstreamAction = .none, ending: Ending? = nil) -> Move {
        gives(client: .close, upstream: upstream, deadline: .none, ending: ending)
    }

    /// The response is cut where its framing shows it.
    func cuts(_ fault: Fault, upstream: Step.UpstreamAction = .close) -> Move {
        var ending = fault.ending
        ending.stage = .relay
        return gives(client: .flush, upstream: upstream, deadline: .flush, ending: ending, fault: fault)
    }

    /// The response is cut where only a reset shows it.
    func breaks(_ fault: Fault, upstream: Step.UpstreamAction = .close) -> Move {
        var ending = fault.ending
        ending.stage = .relay
        return gives(client: .reset, upstream: upstream, deadline: .none, ending: ending, fault: fault)
    }
}
