import ApusPolicy
import Testing

@Suite("ports of CONNECT")
struct ConnectPortsTests {
    @Test(
        "a list is read, sorted and written back",
        arguments: [
            ("443", "443"), ("8443,443", "443,8443"), ("443, 8443 ,443", "443,8443"), ("1,65535", "1,65535"),
            ("all", "all"), (" all ", "all"),
        ]
    )
    func read(text: String, expected: String) throws {
        let ports = try ConnectPorts.parse(text)
        #expect(ports.description == expected)
        #expect(try ConnectPorts.parse(ports.description) == ports)
    }

    @Test(
        "what is no port is refused and named",
        arguments: [
            ("", ""), ("443,", ""), (",443", ""), ("0", "0"), ("65536", "65536"), ("0443", "0443"), ("+443", "+443"),
            ("443,https", "https"), ("all,443", "all"), ("443,all", "all"), ("ALL", "ALL"), ("4 43", "4 43"),
            ("443-445", "443-445"), ("99999999999999999999", "99999999999999999999"), ("443;80", "443;80"),
        ]
    )
    func refused(text: String, part: String) {
        let error = #expect(throws: ConnectPortsParseError.self) { try ConnectPorts.parse(text) }
        #expect(error?.part == part && error?.text == text)
        #expect(error?.description.contains("443,8443") == true)
    }

    @Test("a list holds its ports, all holds every port but 0")
    func contains() throws {
        let ports = try ConnectPorts.parse("443,8443")
        for port in UInt16.min...UInt16.max {
            #expect(ports.contains(port) == (port == 443 || port == 8443))
            #expect(ConnectPorts.standard.contains(port) == (port == 443))
            #expect(ConnectPorts.all.contains(port) == (port != 0))
        }
        #expect(!ConnectPorts([0]).contains(0))
    }
}
