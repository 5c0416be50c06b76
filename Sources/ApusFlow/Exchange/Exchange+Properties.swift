import ApusWire

/// What records, pages and those who carry out its steps read of an exchange.
extension Exchange {
    /// Whether the client has sent FIN.
    public var hasEndedClient: Bool { flags.contains(.clientEnded) }
    /// Whether all of the request has been read.
    public var requestIsDone: Bool { flags.contains(.requestDone) }
    /// Whether a final response head has left for the client.
    public var isAnswered: Bool { flags.contains(.answered) }
    /// Whether all of the response has left, though the request still comes.
    public var hasResponded: Bool { flags.contains(.responded) }
    /// Whether the client's connection ends with the response that runs.
    public var closesClient: Bool { flags.contains(.closes) }
    /// Whether the chunked coding is taken off the response.
    public var stripsCoding: Bool { flags.contains(.stripped) }
    /// Whether the request body is no longer forwarded.
    public var hasAbandonedRequest: Bool { flags.contains(.abandoned) }
    /// Whether the request's trailer fields go on. What Connection named is no longer known when they come, so that all
    /// are dropped if it named any (RFC 9110 §7.6.1; §6.5.1 lets an intermediary).
    public var keepsRequestTrailers: Bool { !flags.contains(.dropsRequestTrailers) }
    /// Whether the response's trailer fields go on, by the same rule.
    public var keepsResponseTrailers: Bool { !flags.contains(.dropsResponseTrailers) }
    /// Whether the upstream connection came from the pool.
    public var isReused: Bool { flags.contains(.reused) }
    /// Whether a chunked request body still comes and is forwarded.
    public var awaitsRequestChunks: Bool {
        phase == .exchanging && requestBody == .chunked && flags.isDisjoint(with: [.requestDone, .abandoned])
    }
    /// Whether a repetition on a fresh connection would do no harm, so that the head must be kept (RFC 9112 §9.3.1).
    public var isRetriable: Bool {
        method.isIdempotent && requestBody == .none && flags.isDisjoint(with: [.retried, .bound])
    }
    /// Whether the upstream connection came from the pool and has not said a word to the request.
    public var isUnheard: Bool { phase == .exchanging && flags.contains(.reused) && !flags.contains(.heard) }
    /// Whether the request wants a connection that no other client has used and none will use: it is for a tunnel, or its credentials are for
    /// the connection.
    public var wantsOwnConnection: Bool { method == .connect || flags.contains(.bound) }
    /// Whether a connection that its origin authenticates can be the client's own: one that forwards for others has none, for who of them
    /// proved himself is not known, nor one that ends with each response (RFC 4559 §6).
    public var mayBind: Bool { version == .http11 && !flags.contains(.forwarded) }
    /// Whether a request runs, which will leave a record.
    public var isRunning: Bool { phase == .reaching || phase == .exchanging }
}

// MARK: - What it tells itself

extension Exchange {
    /// What is left of a client's connection that serves no further request.
    var remains: Step.Leaving {
        guard requestIsDone else { return hasEndedClient || requestBody == .none ? .ends : .early }
        return flags.contains(.persistent) ? .ends : .last
    }

    /// The deadline of an answer's first byte, shorter once the client has sent FIN: it may be gone altogether.
    var patience: Deadline { flags.contains(.clientEnded) ? .clientEnded : .firstByte }

    /// Whether no further request of this client can be served.
    var isLast: Bool {
        !flags.contains(.persistent) || !flags.isDisjoint(with: [.draining, .clientEnded])
    }

    /// How an upstream connection is given up: by a reset when it has been sent a part of a request.
    var released: Step.UpstreamAction { requestIsDone ? .close : .reset }
}
