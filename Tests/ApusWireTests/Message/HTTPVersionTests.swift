import Testing

@testable import ApusWire

@Suite struct HTTPVersionTests {
    @Test("of major version 1, minor 0 is HTTP/1.0 and every other is taken as HTTP/1.1")
    func minors() {
        for minor in 0...9 {
            let reading = RequestReading("GET http://h/ HTTP/1.\(minor)\r\nHost: h\r\n\r\n")
            #expect(reading.facts?.version == (minor == 0 ? .http10 : .http11))
            let response = ResponseReading("HTTP/1.\(minor) 200 OK\r\n\r\n")
            #expect(response.facts?.version == (minor == 0 ? .http10 : .http11))
        }
    }

    @Test("other major versions are told from what is no version")
    func faults() {
        for major in 0...9 where major != 1 {
            #expect(RequestReading("GET / HTTP/\(major).1\r\n\r\n").fault == .unsupportedVersion)
            #expect(ResponseReading("HTTP/\(major).1 200 OK\r\n\r\n").fault == .unsupportedVersion)
        }
        for word in [
            "HTTP/1", "HTTP/1.", "HTTP/1.1x", "HTTP/1.10", "HTTP/11", "HTTP/01.1", "http/1.1", "HTTP/1,1", "HTTP-1.1",
            "HTTP/x.1", "HTTP/1.x", "HTTPS/1.1", "ICY", "1.1", "HTTP/+1.1", "HTTP/1.1,",
        ] {
            #expect(RequestReading("GET / \(word)\r\n\r\n").fault == .malformedVersion, "\(word)")
            #expect(ResponseReading("\(word) 200 OK\r\n\r\n").fault == .malformedStatusLine, "\(word)")
        }
    }
}
