import ApusFlow
import ApusReport
import ApusSamples
import Testing

@Suite struct JSONLogLineTests {
    private func members(_ record: AccessRecord, redactQueries: QueryRedaction = .none) throws -> [String: String] {
        try StrictJSON.members(logged(record, .json, redactQueries: redactQueries).utf8.dropLast())
    }

    @Test("a request has all the documented fields")
    func request() throws {
        let expected = [
            "time": "2000-10-10T13:55:36.123456Z", "id": "0123456789abcdef", "kind": "request", "client": "192.0.2.1",
            "client_port": "50000", "listener": "127.0.0.1:3128", "method": "GET", "scheme": "http",
            "host": "example.com", "port": "80", "path": "/a?token=secret", "http_version": "HTTP/1.1",
            "status": "200", "bytes_from_client": "120", "bytes_to_client": "2326", "bytes_from_upstream": "2300",
            "bytes_to_upstream": "140", "decide_us": "3", "look_up_us": "1500", "connect_us": "2500",
            "first_byte_us": "30000", "total_us": "34567", "upstream": "198.51.100.7:80", "reused": "false",
            "ending": "--",
        ]
        #expect(try members(sampleRecord()) == expected)
    }

    @Test("a tunnel by SOCKS has its protocol in place of a version, and what the client says of its user")
    func socks() throws {
        var record = sampleRecord()
        record.httpVersion = ""
        (record.clientProtocol, record.claimedUser) = ("socks4", "a\"b")
        let members = try members(record)
        #expect(members["protocol"] == "socks4" && members["claimed_user"] == "a\"b" && members["http_version"] == nil)
        #expect(logged(record, .combined).contains(" SOCKS4\""))
    }

    @Test("what is not known is left out, and a failure is explained")
    func failure() throws {
        var record = AccessRecord(
            id: 1,
            startedAt: 0,
            clientAddress: "::1",
            clientPort: 1,
            listener: "l",
            user: "ann",
            status: 400,
            ending: Ending(.client, .read, .fault),
            proxyStatus: "http_request_error",
            fault: "bare_lf",
            reason: "A line ends with a line feed alone.",
            rule: "package \"mirrors\"",
            wouldDeny: "rule 3",
            serverName: "b.example",
            unjudged: "server_name_encrypted"
        )
        #expect(try members(record)["groups"] == nil && members(record)["bytes_unread"] == nil)
        record.unread = 77
        #expect(try members(record)["bytes_unread"] == "77")
        #expect(try members(record)["peer"] == nil)
        record.peer = "10.0.0.9:51234"
        #expect(try members(record)["peer"] == "10.0.0.9:51234")
        record.groups = ["ops", "web \"team\""]
        #expect(try members(record)["user_agent"] == nil && members(record)["content_type"] == nil)
        (record.userAgent, record.referer, record.contentType) = ("a \"b\"", "http://u:p@h/?sig=1", "text/plain")
        #expect(try members(record)["user_agent"] == "a \"b\"" && members(record)["content_type"] == "text/plain")
        #expect(try members(record, redactQueries: .known)["referer"] == "http://(redacted)@h/?sig=…")
        let members = try members(record)
        #expect(members["groups"] == "ops,web \"team\"")
        for name in ["method", "scheme", "host", "port", "path", "http_version", "upstream", "reused", "decide_us"] {
            #expect(members[name] == nil)
        }
        #expect(members["ending"] == "CR")
        #expect(members["ended_by"] == "client")
        #expect(members["ended_in"] == "read")
        #expect(members["ended_how"] == "fault")
        #expect(members["proxy_status"] == "http_request_error")
        #expect(members["fault"] == "bare_lf")
        #expect(members["reason"] == "A line ends with a line feed alone.")
        #expect(members["rule"] == "package \"mirrors\"")
        #expect(members["would_deny"] == "rule 3")
        #expect(members["server_name"] == "b.example" && members["unjudged"] == "server_name_encrypted")
        #expect(members["user"] == "ann")
    }

    @Test("text of a peer comes back from the JSON as it was", arguments: hostileTexts)
    func escaping(_ text: String) throws {
        var record = sampleRecord()
        record.path = "/" + text
        record.user = text
        record.reason = text
        let members = try members(record)
        #expect(members["path"] == "/" + text)
        #expect(members["user"] == text)
        #expect(members["reason"] == text)
        #expect(members["status"] == "200")
    }

    @Test("every Unicode scalar of the basic plane survives")
    func everyScalar() throws {
        for value in UInt32(0)...0xffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            guard value < 0x3000 || value % 97 == 0 || value > 0xfe00 else { continue }
            var record = sampleRecord()
            record.path = "/" + String(Character(scalar))
            let path = try members(record)["path"]
            #expect(path.map { Array($0.utf8) } == Array(record.path.utf8), "U+\(String(value, radix: 16))")
        }
    }

    @Test("a redacted query leaves its mark")
    func redaction() throws {
        #expect(try members(sampleRecord(), redactQueries: true)["path"] == "/a?…")
    }
}
