internal import ApusWire

extension Method {
    /// The value of the label `method`: as it is sent, or `other`, so that clients cannot make series.
    var label: String {
        switch self {
        case .other: "other"
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .connect: "CONNECT"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        }
    }
}
