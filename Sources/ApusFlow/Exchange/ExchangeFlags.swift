/// What an ``Exchange`` knows of its request, its response and the two connections.
struct ExchangeFlags: OptionSet {
    let rawValue: UInt32
    /// The client's connection may serve another request, as far as the client is concerned.
    static let persistent = ExchangeFlags(rawValue: 1 << 0)
    /// The client has sent FIN.
    static let clientEnded = ExchangeFlags(rawValue: 1 << 1)
    /// The upstream connection came from the pool.
    static let reused = ExchangeFlags(rawValue: 1 << 2)
    /// A stale pooled connection has been replaced once.
    static let retried = ExchangeFlags(rawValue: 1 << 3)
    /// All of the request has been read.
    static let requestDone = ExchangeFlags(rawValue: 1 << 4)
    /// A byte of the answer has come, interim responses included.
    static let heard = ExchangeFlags(rawValue: 1 << 5)
    /// The final response head has been sent on, or an own answer.
    static let answered = ExchangeFlags(rawValue: 1 << 6)
    /// The upstream connection may serve another request.
    static let reusable = ExchangeFlags(rawValue: 1 << 7)
    /// The client's connection ends with this response.
    static let closes = ExchangeFlags(rawValue: 1 << 8)
    /// The proxy is draining: no further request is taken.
    static let draining = ExchangeFlags(rawValue: 1 << 9)
    /// The chunked coding is taken off for an HTTP/1.0 client.
    static let stripped = ExchangeFlags(rawValue: 1 << 10)
    /// The request body is no longer forwarded.
    static let abandoned = ExchangeFlags(rawValue: 1 << 11)
    /// The request's Connection names fields, which may stand in its trailers too.
    static let dropsRequestTrailers = ExchangeFlags(rawValue: 1 << 12)
    /// The response's Connection names fields.
    static let dropsResponseTrailers = ExchangeFlags(rawValue: 1 << 13)
    /// The client waits for a 100 (Continue) before it sends its body, and none has come.
    static let awaitsContinue = ExchangeFlags(rawValue: 1 << 14)
    /// All of the response has been sent on, while the request still comes.
    static let responded = ExchangeFlags(rawValue: 1 << 15)
    /// The upstream connection is authenticated as its client's, or may be: no request of another client may have it.
    static let bound = ExchangeFlags(rawValue: 1 << 16)
    /// The client may have begun to speak another protocol behind the head.
    static let switches = ExchangeFlags(rawValue: 1 << 17)
    /// A 100 (Continue) was asked for, and none has come.
    static let uncontinued = ExchangeFlags(rawValue: 1 << 18)
    /// The origin has answered without having been sent all of the request, or may have: what it makes of the rest nobody knows.
    static let early = ExchangeFlags(rawValue: 1 << 19)
    /// Another proxy has forwarded the request: its connection may bear the requests of several users.
    static let forwarded = ExchangeFlags(rawValue: 1 << 20)
}
