@testable import ApusWire

/// The name that heads are written with in tests.
let pseudonym = "apus-test"

/// What is made of the bytes of a request, asked in the order of the proxy.
struct RequestReading {
    /// The first fault, of the head, its target or its fields; nil also while more bytes are needed.
    var fault: RequestFault?
    /// Nil until the head is whole and sound.
    var head: RequestHead?
    var fields: [Field] = []
    var target: RequestTarget?
    /// Nil when anything is wrong.
    var facts: RequestProperties?
    /// What goes to the origin; nil when anything is wrong, or when the target names none.
    var rewritten: [UInt8]?

    var isIncomplete: Bool { head == nil && fault == nil }

    init(_ bytes: [UInt8], limits: HeadLimits = HeadLimits()) {
        var table = FieldTable()
        switch RequestParser.parse(bytes.span, limits: limits, fields: &table) {
        case .incomplete: return
        case .invalid(let fault): self.fault = fault
        case .complete(let head): read(bytes, head, table)
        }
    }

    init(_ text: String, limits: HeadLimits = HeadLimits()) { self.init(Array(text.utf8), limits: limits) }

    private mutating func read(_ bytes: [UInt8], _ head: RequestHead, _ table: borrowing FieldTable) {
        self.head = head
        fields = (0..<table.count).map { table[$0] }
        do throws(RequestFault) {
            let target = try RequestTarget.parse(bytes.span, head)
            self.target = target
            let facts = try RequestProperties.judge(bytes.span, head, target, table, pseudonym: Array(pseudonym.utf8))
            self.facts = facts
            guard target.form == .absolute else { return }
            rewritten = written { scratch in
                RequestRewriter.write(
                    bytes.span,
                    head,
                    target,
                    facts,
                    table,
                    text: HeadText(pseudonym: Array(pseudonym.utf8)),
                    into: &scratch
                )
            }
        } catch {
            fault = error
        }
    }
}

/// What is made of the bytes of a response.
struct ResponseReading {
    var fault: ResponseFault?
    var head: ResponseHead?
    var fields: [Field] = []
    var facts: ResponseProperties?
    var rewritten: [UInt8]?

    var isIncomplete: Bool { head == nil && fault == nil }

    init(
        _ bytes: [UInt8],
        method: Method = .get,
        upgrade: [String] = [],
        closes: Bool = false,
        stripsCoding: Bool = false,
        servesSessions: Bool = false,
        limits: HeadLimits = .response
    ) {
        var table = FieldTable()
        switch ResponseParser.parse(bytes.span, limits: limits, fields: &table) {
        case .incomplete: return
        case .invalid(let fault): self.fault = fault
        case .complete(let head):
            self.head = head
            fields = (0..<table.count).map { table[$0] }
            do throws(ResponseFault) {
                let facts = try ResponseProperties.judge(
                    bytes.span,
                    head,
                    table,
                    method: method,
                    upgrade: offer(upgrade.joined(separator: ","))
                )
                self.facts = facts
                let manner = ResponseRewriter.Manner(
                    closes: closes,
                    stripsCoding: stripsCoding,
                    servesSessions: servesSessions
                )
                rewritten = written { scratch in
                    ResponseRewriter.write(
                        bytes.span,
                        head,
                        facts,
                        table,
                        manner: manner,
                        text: HeadText(pseudonym: Array(pseudonym.utf8)),
                        into: &scratch
                    )
                }
            } catch {
                fault = error
            }
        }
    }

    init(_ text: String, method: Method = .get, upgrade: [String] = []) {
        self.init(Array(text.utf8), method: method, upgrade: upgrade)
    }
}

/// The protocols of an Upgrade value; none when it is malformed.
func offer(_ value: String) -> UpgradeOffer {
    var offer = UpgradeOffer()
    let bytes = Array(value.utf8)
    do throws(RequestFault) {
        try offer.add(bytes.span, ByteRange(0, bytes.count))
    } catch {
        return UpgradeOffer()
    }
    return offer
}

/// What a writer leaves in a scratch of so many bytes; nil when it says that it does not fit.
func written(room: Int = 1 << 18, _ write: (inout MutableSpan<UInt8>) -> Int?) -> [UInt8]? {
    var scratch = [UInt8](repeating: 0xaa, count: room)
    var span = scratch.mutableSpan
    guard let count = write(&span) else { return nil }
    return Array(scratch[..<count])
}

/// Bytes as a text of the same length, so that a failure can be read and lines be taken apart.
func text(_ bytes: some Sequence<UInt8>) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}

extension [UInt8] {
    subscript(_ range: ByteRange) -> String { text(self[range.range]) }
}
