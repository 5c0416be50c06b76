/// A request as a ``ScriptedOrigin`` received it.
public struct ScriptedRequest: Sendable, Equatable {
    /// The lines of its head, the request line first, without line ends.
    public let head: [String]
    /// Its content, the chunked coding taken off.
    public let body: [UInt8]
    /// The lines of its trailer section.
    public let trailers: [String]
    /// Whether its framing's end was seen; false when the proxy closed or reset before.
    public let complete: Bool

    /// The request line.
    public var line: String { head.first ?? "" }
    /// The method: the first word of the request line.
    public var method: String { String(line.prefix { $0 != " " }) }
    /// The request target: the second word of the request line.
    public var target: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    /// The content as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of all field lines of this name, in their order.
    public func values(_ name: String) -> [String] { FieldLines(head.dropFirst()).values(name) }
    /// The value of the first field line of this name.
    public func value(_ name: String) -> String? { values(name).first }
}
