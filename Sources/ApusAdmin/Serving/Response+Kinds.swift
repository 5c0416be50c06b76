internal import ApusReport
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

extension Response {
    /// A JSON answer, which no cache keeps.
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(status, "application/json; charset=utf-8", bytes)
    }

    /// A fault, in one sentence, with what to do.
    static func fault(_ status: HTTPResponse.Status, _ error: String, hint: String) -> Response {
        let body = JSONWriter.object { json in
            json.text("error", error)
            json.text("hint", hint)
        }
        return .json(body, status: status)
    }

    /// A text.
    static func text(
        _ text: String,
        status: HTTPResponse.Status = .ok,
        type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(status, type, Array(text.utf8))
    }

    init(_ status: HTTPResponse.Status, _ type: String, _ bytes: [UInt8]) {
        self.init(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
