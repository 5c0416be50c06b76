import ApusWire

/// What is asked of a running server by its control socket: one object of JSON in one line, `{"apus":1,"do":"drain"}`.
///
/// The answer is one line or more, each an object: the last one has the member `ok`, those before it tell how far it is.
package enum ControlRequest: Sendable, Equatable {
    /// How it is, and what it does.
    case status
    /// Read the settings anew; answered when that is done.
    case reload
    /// Take no more clients, and end when what runs is over; answered then, or at once.
    case drain(waits: Bool)
    /// End at once; answered when all is closed.
    case stop
    /// End one request or tunnel, by its decision id.
    case end(UInt64)

    /// Which version of the protocol this is.
    package static let version: Int64 = 1

    /// Why a line is no request.
    package enum Fault: Error, Sendable, Equatable, CustomStringConvertible {
        /// It is no object of JSON.
        case malformed
        /// It is one of another version of the protocol, or names none.
        case version
        /// It asks for what is not known.
        case unknown(String)
        /// The id is none of 16 hexadecimal digits.
        case id

        package var description: String {
            switch self {
            case .malformed: "a request is one line of JSON, as {\"apus\":1,\"do\":\"status\"}"
            case .version:
                "this Apus speaks version \(ControlRequest.version) of the control protocol: \"apus\":\(ControlRequest.version)"
            case .unknown(let word): "\"\(word)\" is none of \(ControlRequest.words.joined(separator: ", "))"
            case .id: "\"id\" is no decision id of 16 hexadecimal digits, as in the log and in apus status"
            }
        }
    }

    private static let words = ["status", "reload", "drain", "stop", "end"]

    /// Reads a line, without its end.
    package static func parse(_ line: Span<UInt8>) throws(Fault) -> ControlRequest {
        guard let value = JSONValue.parse(line, depth: 4), case .object = value else { throw .malformed }
        guard value["apus"]?.whole == version else { throw .version }
        switch value["do"]?.text {
        case "status"?: return .status
        case "reload"?: return .reload
        case "drain"?: return .drain(waits: value["wait"]?.truth ?? true)
        case "stop"?: return .stop
        case "end"?:
            guard let text = value["id"]?.text, text.utf8.count == 16,
                text.utf8.allSatisfy({ ByteClass.hexValue($0) < 16 }),
                let id = UInt64(text, radix: 16)
            else { throw .id }
            return .end(id)
        case let word: throw .unknown(word ?? "")
        }
    }

    /// The line, with its end.
    package var line: [UInt8] {
        JSONWriter.object { json in
            json.number("apus", ControlRequest.version)
            switch self {
            case .status: json.text("do", "status")
            case .reload: json.text("do", "reload")
            case .drain(let waits):
                json.text("do", "drain")
                if !waits { json.truth("wait", false) }
            case .stop: json.text("do", "stop")
            case .end(let id):
                json.text("do", "end")
                let digits = String(id, radix: 16)
                json.text("id", String(repeating: "0", count: 16 - digits.count) + digits)
            }
        } + [0x0a]
    }
}
