import ApusWire

/// HTTP Archive 1.2: transactions as browsers' developer tools and their like read them.
///
/// - A tunnel's URL is `https://host:port/`, with the method CONNECT; its bodies are the bytes that passed in it.
/// - A request that was not understood has no URL; it stands as `about:invalid`.
/// - `blocked` is the decision, `send` is 0 and part of `receive`, `ssl` is -1: Apus does not look into TLS. `time` is the sum.
/// - What was cut off or is no longer recorded is said in a `comment`, and its size is -1.
/// - Each entry has the object of the JSON access log as `_apus`; `_error` is there when no response was sent, `_transferSize` for
///   Chromium.
public enum HTTPArchive {
    /// Writes an archive as JSON.
    ///
    /// - Parameters:
    ///   - transactions: in the order of the file; readers expect the oldest first.
    ///   - version: Apus's own, for `creator`.
    ///   - redactingQueries: what of queries is shown, as in the log, with `...` in the place of the rest.
    public static func write(
        _ transactions: [Transaction],
        version: String,
        redactingQueries: QueryRedaction = .known
    ) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.object("log") { json in
                json.text("version", "1.2")
                json.object("creator") { json in
                    json.text("name", "Apus")
                    json.text("version", version)
                }
                json.array("pages") { _ in }
                json.array("entries") { json in
                    for transaction in transactions {
                        ArchiveEntry(transaction, redactingQueries: redactingQueries).write(to: &json)
                    }
                }
            }
        }
        return json.bytes
    }
}
