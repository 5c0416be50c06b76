public import ApusFlow

/// One request or tunnel as the recorder holds it: its record, and the heads and bodies that are still there.
public struct Transaction: Sendable, Equatable {
    /// What is known of it; the access log has the same.
    public var record: AccessRecord
    /// The request's head as the client sent it; nil when it is no longer recorded, or was never understood.
    public var request: RecordedHead?
    /// The response's head; nil when it is no longer recorded, or none was sent.
    public var response: RecordedHead?
    /// The request's body; nil unless bodies are recorded.
    public var requestBody: RecordedBody?
    /// The response's body; nil unless bodies are recorded.
    public var responseBody: RecordedBody?

    /// Makes a transaction.
    public init(
        record: AccessRecord,
        request: RecordedHead? = nil,
        response: RecordedHead? = nil,
        requestBody: RecordedBody? = nil,
        responseBody: RecordedBody? = nil
    ) {
        self.record = record
        self.request = request
        self.response = response
        self.requestBody = requestBody
        self.responseBody = responseBody
    }
}
