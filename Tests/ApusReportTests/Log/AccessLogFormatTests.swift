import ApusFlow
import ApusReport
import ApusSamples
import Testing

@Suite struct AccessLogFormatTests {
    static let formats: [AccessLogFormat] = [.short(colour: false), .json, .combined, .squid]

    /// Each text of a record that a peer or a name server has a say in, replaced.
    private func poisoned(_ text: String) -> [AccessRecord] {
        let paths: [WritableKeyPath<AccessRecord, String>] = [
            \.method, \.host, \.path, \.httpVersion, \.clientAddress, \.listener,
        ]
        let optional: [WritableKeyPath<AccessRecord, String?>] = [
            \.scheme, \.user, \.upstream, \.proxyStatus, \.fault, \.reason,
        ]
        var all = sampleRecord()
        var records: [AccessRecord] = []
        for path in paths {
            var record = sampleRecord()
            record[keyPath: path] = text
            all[keyPath: path] = text
            records.append(record)
        }
        for path in optional {
            var record = sampleRecord()
            record[keyPath: path] = text
            all[keyPath: path] = text
            records.append(record)
        }
        return records + [all]
    }

    @Test("whatever a peer sent, a record is one line without control characters", arguments: formats)
    func injection(_ format: AccessLogFormat) {
        for text in hostileTexts {
            for record in poisoned(text) {
                let line = logged(record, format)
                #expect(line.hasSuffix("\n"))
                #expect(!hasPower(line.utf8.dropLast()), "\(line.debugDescription)")
            }
        }
    }

    @Test("lines are appended behind what is there, and off appends nothing")
    func appending() {
        for format in Self.formats {
            var line = Array("before\n".utf8)
            format.append(sampleRecord(), to: &line, redactQueries: .none)
            #expect(String(decoding: line, as: UTF8.self) == "before\n" + logged(sampleRecord(), format))
        }
        #expect(logged(sampleRecord(), .off).isEmpty)
    }

    private func redactedByDefault(_ format: AccessLogFormat) -> String {
        var line: [UInt8] = []
        format.append(sampleRecord(), to: &line)
        return String(decoding: line, as: UTF8.self)
    }

    @Test("a redacted query appears in no format", arguments: formats)
    func redaction(_ format: AccessLogFormat) {
        #expect(logged(sampleRecord(), format).contains("/a?token=secret"))
        let redacted = logged(sampleRecord(), format, redactQueries: true)
        #expect(!redacted.contains("token"))
        let known = logged(sampleRecord(), format, redactQueries: .known)
        #expect(!known.contains("secret") && (known.contains("/a?token=…") || known.contains("/a?token=...")))
        #expect(known == redactedByDefault(format))
        #expect(redacted.contains("/a?…") || redacted.contains("/a?..."))
        var plain = sampleRecord()
        plain.path = "/a"
        #expect(logged(plain, format, redactQueries: true) == logged(plain, format))
    }
}
