import ApusWire
import Testing

@testable import ApusFlow

@Suite("A step of SOCKS") struct SOCKSStepTests {
    @Test("an answer has the bytes that it was made of, and no more") func answer() {
        let selection = SOCKSAnswer(SOCKSMethod.noAcceptable.selection)
        #expect(selection.count == 2 && selection.with { [$0[0], $0[1]] } == [5, 255])
        let reply = SOCKSAnswer(SOCKSReply.v5(.hostUnreachable))
        #expect(reply.count == 10 && reply.with { $0.count } == 10 && reply.with { $0[1] } == 4)
        #expect(
            reply == SOCKSAnswer(SOCKSReply.v5(.hostUnreachable)) && reply != SOCKSAnswer(SOCKSReply.v5(.notAllowed))
        )
        #expect(selection != reply)
    }
}
