/// A response as a ``RawClient`` received it.
public struct RawResponse: Sendable, Equatable {
    /// A field line.
    public struct Field: Sendable, Equatable {
        /// The name as it was sent.
        public let name: String
        /// The value without white space around it.
        public let value: String
    }

    /// The lines of the head, the status line first, without line ends.
    public let head: [String]
    /// The status code; 0 when the status line is none.
    public let status: Int
    /// The field lines, in their order.
    public let fields: [Field]
    /// The content, the chunked coding taken off.
    public let body: [UInt8]
    /// The lines of the trailer section.
    public let trailers: [String]
    /// Whether the end that its framing promised was seen: the length, the last chunk, or FIN.
    public let complete: Bool
    /// Whether it ended by a reset.
    public let wasReset: Bool
    /// The heads of the interim (1xx) responses before it, as lines.
    public let interim: [[String]]

    init(head: [String], body: MessageReader.Body, interim: [[String]]) {
        self.head = head
        status = RawResponse.status(of: head)
        fields = FieldLines(head.dropFirst()).all.map { Field(name: $0.name, value: $0.value) }
        self.body = body.bytes
        trailers = body.trailers
        complete = body.isComplete
        wasReset = body.wasReset
        self.interim = interim
    }

    static func status(of head: [String]) -> Int {
        Int(head.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
    }

    /// The content as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
    /// The values of all field lines of this name, in their order.
    public func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
    /// The value of the first field line of this name.
    public func value(_ name: String) -> String? { values(name).first }
}
