import ApusAdvice
import ApusPolicy
import Testing

@Suite("Observed request")
struct ObservedRequestTests {
    @Test("a request reads as people write it")
    func text() {
        #expect(
            ObservedRequest("CONNECT", isTunnel: true, host: "a.example", port: 443).description
                == "CONNECT a.example:443"
        )
        let request = ObservedRequest("GET", isTunnel: false, host: "2001:db8::1", port: 80, user: "anna")
        #expect(request.description == "GET [2001:db8::1]:80 by anna")
    }
}
