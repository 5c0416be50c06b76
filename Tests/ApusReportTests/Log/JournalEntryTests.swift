import ApusFlow
import ApusSamples
import Testing

@testable import ApusReport

@Suite struct JournalEntryTests {
    /// The fields of an entry, read as the journal does.
    private func fields(_ bytes: [UInt8]) throws -> [String: String] {
        var fields: [String: String] = [:]
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = try #require(rest.firstIndex { $0 == 0x0a || $0 == 0x3d })
            let name = String(decoding: rest[..<end], as: UTF8.self)
            var value: ArraySlice<UInt8>
            if rest[end] == 0x3d {
                let stop = try #require(rest[end...].firstIndex(of: 0x0a))
                value = rest[(end + 1)..<stop]
            } else {
                let count = (0..<8).reduce(0) { $0 | Int(rest[end + 1 + $1]) << (8 * $1) }
                value = rest[(end + 9)..<(end + 9 + count)]
            }
            #expect(rest[value.endIndex] == 0x0a)
            fields[name] = String(decoding: value, as: UTF8.self)
            rest = rest[(value.endIndex + 1)...]
        }
        return fields
    }

    /// A record with all that one can have.
    private var full: AccessRecord {
        var record = sampleRecord()
        record.user = "ann"
        record.rule = "rule 3"
        record.wouldDeny = "strict"
        record.serverName = "other.example"
        record.unjudged = "server_name_encrypted"
        record.unread = 77
        record.ending = Ending(.proxy, .decide, .refused)
        record.proxyStatus = "http_request_denied"
        record.fault = "rule"
        record.reason = "No."
        return record
    }

    @Test("an entry has the fields of the JSON line, by the same names")
    func names() throws {
        let entry = JournalEntry(full, message: Array("m".utf8), severity: .warning, redactQueries: false)
        let found = try fields(entry.bytes)
        let line = Array(logged(full, .json).utf8)
        let parsed = AccessLogLine.parse(line.span)
        let members = try #require(parsed).members
        #expect(
            Set(found.keys)
                == Set(members.keys.map { "APUS_" + $0.uppercased() }).union([
                    "MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER",
                ])
        )
        for (name, value) in members {
            switch value {
            case .text(let text), .number(let text): #expect(found["APUS_" + name.uppercased()] == text, "\(name)")
            case .truth(let truth): #expect(found["APUS_" + name.uppercased()] == (truth ? "true" : "false"))
            case .null: Issue.record("null")
            }
        }
        #expect(found["MESSAGE"] == "m" && found["PRIORITY"] == "4" && found["SYSLOG_IDENTIFIER"] == "apus")
    }

    @Test("what is not known is left out")
    func unknown() throws {
        let record = AccessRecord(id: 1, startedAt: 0, clientAddress: "::1", clientPort: 1, listener: "l")
        let found = try fields(
            JournalEntry(record, message: [], severity: .informational, redactQueries: false).bytes
        )
        #expect(found["APUS_HOST"] == nil && found["APUS_USER"] == nil && found["APUS_ENDED_BY"] == nil)
        #expect(found["PRIORITY"] == "6" && found["APUS_STATUS"] == "0")
    }

    @Test("no value can make a field of its own", arguments: hostileTexts)
    func hostile(_ text: String) throws {
        var record = full
        record.path = "/" + text + "\nPRIORITY=0"
        record.user = text
        record.reason = text
        let found = try fields(
            JournalEntry(record, message: Array(text.utf8), severity: .warning, redactQueries: false).bytes
        )
        #expect(found["APUS_PATH"] == record.path && found["APUS_USER"] == text && found["MESSAGE"] == text)
        #expect(found["PRIORITY"] == "4")
    }

    @Test("a query can be left out, and a long value is cut at a character")
    func values() throws {
        var record = full
        record.reason = "x" + String(repeating: "漢", count: 20_000)
        let found = try fields(JournalEntry(record, message: [], severity: .warning, redactQueries: true).bytes)
        #expect(found["APUS_PATH"] == "/a?…")
        let reason = try #require(found["APUS_REASON"])
        #expect(reason.utf8.count <= JournalEntry.limit + 3 && reason.hasSuffix("漢…"))
    }
}
