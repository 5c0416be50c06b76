import ApusWire

/// A request to the admin listener.
package struct AdminRequest: Sendable, Equatable {
    /// `GET`, `DELETE`.
    package var method: String
    /// Path and query.
    package var target: String
    /// The media type that is wanted.
    package var accept: String

    /// Makes a request.
    package init(_ method: String = "GET", _ target: String, accept: String = "application/json") {
        self.method = method
        self.target = target
        self.accept = accept
    }

    /// The request as HTTP/1.1 has it, for a connection of its own.
    ///
    /// - Parameter token: what the listener asks for; one with anything but visible ASCII in it is left out.
    package func bytes(for endpoint: AdminEndpoint, token: String?) -> [UInt8] {
        var text =
            "\(method) \(target) HTTP/1.1\r\nHost: \(endpoint.host)\r\nAccept: \(accept)\r\nConnection: close\r\n"
        if let token, token.utf8.allSatisfy({ 0x21...0x7e ~= $0 }), !token.isEmpty {
            text += "Authorization: Bearer \(token)\r\n"
        }
        return Array((text + "\r\n").utf8)
    }

    /// The events.
    package static let events = AdminRequest("GET", "/api/events", accept: "text/event-stream")

    /// What the recorder holds, the newest first.
    package static let recorded = AdminRequest("GET", "/api/requests?limit=1000")

    /// All that it has of one request; nil if it is no id.
    package static func transaction(_ id: String) -> AdminRequest? {
        guard !id.isEmpty, id.utf8.allSatisfy({ ByteClass.hexValue($0) < 16 }) else { return nil }
        return AdminRequest("GET", "/api/requests/\(id)")
    }

    /// Ends what is open under this id; nil if it is no id.
    package static func close(_ id: String) -> AdminRequest? {
        guard !id.isEmpty, id.utf8.allSatisfy({ ByteClass.hexValue($0) < 16 }) else { return nil }
        return AdminRequest("DELETE", "/api/open/\(id)")
    }
}
