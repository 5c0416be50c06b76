internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// The page and its parts, out of the binary.
struct PageFiles: Sendable {
    private struct File: Sendable {
        let bytes: [UInt8]
        let type: String
        let tag: String
    }

    private let files: [String: File]

    init() {
        files = Dictionary(
            uniqueKeysWithValues: PageFiles.embedded.map { name, bytes in
                (name, File(bytes: bytes, type: PageFiles.type(name), tag: PageFiles.tag(bytes)))
            }
        )
    }

    /// A file by its name; nil for one that there is not.
    func response(_ name: String, ifNoneMatch: String?) -> Response? {
        guard let file = files[name] else { return nil }
        let headers: HTTPFields = [.contentType: file.type, .cacheControl: "no-cache", .eTag: file.tag]
        if ifNoneMatch == file.tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    private static func type(_ name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "json": "application/json; charset=utf-8"
        default: "application/octet-stream"
        }
    }

    /// FNV-1a: it only has to change with the file.
    private static func tag(_ bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "\"\(String(hash, radix: 16))\""
    }
}
