/// One member of a Proxy-Status field (RFC 9209): what this proxy did to a response, or why there is none.
public struct ProxyStatusField: Sendable, Equatable {
    /// The value of a parameter (RFC 8941 §3.1.2).
    public enum Value: Sendable, Equatable {
        /// An sf-integer.
        case integer(Int64)
        /// An sf-string; what cannot stand in one is replaced.
        case string(String)
        /// An sf-token, or an sf-string if it is none.
        case token(String)
    }

    /// A parameter that an error type defines, such as `rcode` of `dns_error`.
    public struct Parameter: Sendable, Equatable {
        /// The key: lower-case letters, digits, `_`, `-`, `.`, `*`.
        public var name: String
        /// The value.
        public var value: Value

        /// Makes a parameter. `name` is the caller's own word, never a peer's.
        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// Who speaks: `apus`, unless the operator named the proxy. A token if it can be, else a string.
    public var proxy: String
    /// Why the response is the proxy's own (RFC 9209 §2.1.1).
    public var error: ProxyErrorType?
    /// Parameters of the error type, in order.
    public var parameters: [Parameter]
    /// The address or name of the next hop (§2.1.2); tells topology, so off by default.
    public var nextHop: String?
    /// The status the next hop answered with (§2.1.4).
    public var receivedStatus: UInt16?
    /// Free text (§2.1.5); tells topology, so off by default.
    public var details: String?

    /// Makes a member; nothing but the name is needed.
    public init(
        proxy: String = "apus",
        error: ProxyErrorType? = nil,
        parameters: [Parameter] = [],
        nextHop: String? = nil,
        receivedStatus: UInt16? = nil,
        details: String? = nil
    ) {
        self.proxy = proxy
        self.error = error
        self.parameters = parameters
        self.nextHop = nextHop
        self.receivedStatus = receivedStatus
        self.details = details
    }

    /// Appends the field's value: `apus; error=dns_error; rcode="NXDOMAIN"`.
    public func write(into bytes: inout [UInt8]) {
        StructuredField.write(token: proxy, into: &bytes)
        if let error {
            bytes.write(text: "; error=")
            bytes.write(text: error.token)
        }
        for parameter in parameters { write(parameter, into: &bytes) }
        if let receivedStatus { write(.init("received-status", .integer(Int64(receivedStatus))), into: &bytes) }
        if let nextHop { write(.init("next-hop", .string(nextHop)), into: &bytes) }
        if let details { write(.init("details", .string(details)), into: &bytes) }
    }

    private func write(_ parameter: Parameter, into bytes: inout [UInt8]) {
        bytes.write(text: "; ")
        bytes.write(text: parameter.name)
        bytes.append(0x3d)
        switch parameter.value {
        case .integer(let integer): StructuredField.write(integer: integer, into: &bytes)
        case .string(let text): StructuredField.write(string: text, into: &bytes)
        case .token(let text): StructuredField.write(token: text, into: &bytes)
        }
    }
}
