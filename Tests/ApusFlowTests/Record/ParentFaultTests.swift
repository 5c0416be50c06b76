import ApusPolicy
import ApusWire
import Testing

@testable import ApusFlow

@Suite("What goes wrong with a parent") struct ParentFaultTests {
    private static let all: [ParentFault] = [
        .unavailable, .unknown, .timedOut, .closed, .malformed, .credentials,
        .dial(.refused), .dial(.unreachable), .dial(.timedOut), .dial(.reset), .dial(.prohibited), .dial(.exhausted),
        .dial(.other),
    ]

    @Test("what a client can act on keeps its status, what would lead it astray is 502", arguments: UInt16(300)...599)
    func status(_ status: UInt16) {
        let keeps = [403, 404, 429, 451].contains(status) || status >= 500
        let fault = Fault.parent(.refused(status))
        #expect(fault.status == (keeps ? status : 502))
        #expect(fault.receivedStatus == status)
        #expect(fault.status != 401 && fault.status != 407 && !(300...399).contains(fault.status))
        #expect(!ParentFault.refused(status).speaksAgainstParent)
    }

    @Test("a want of credentials is this proxy's configuration") func credentials() {
        #expect(Fault.parent(.credentials).status == 502)
        #expect(Fault.parent(.credentials).proxyErrorType == .proxyConfigurationError)
        #expect(!ParentFault.credentials.speaksAgainstParent)
    }

    @Test("every reply of SOCKS has an answer of ours", arguments: UInt8(1)...255)
    func declined(_ reply: UInt8) {
        let fault = Fault.parent(.declined(reply))
        #expect([403, 502, 504].contains(fault.status) && fault.receivedStatus == nil)
        #expect(!ParentFault.declined(reply).speaksAgainstParent)
    }

    @Test("all of them say what is wrong and what to do, as a gateway does", arguments: all)
    func words(_ fault: ParentFault) {
        let row = Fault.parent(fault)
        #expect(!row.sentence.description.isEmpty && !Fault.parent(fault).hint.isEmpty)
        #expect(row.label.description.hasPrefix("parent_") && (502...504).contains(row.status))
        #expect(row.ending.who == .upstream && row.ending.stage == .reach)
    }

    @Test("silence speaks against a parent, a lack of this machine's does not") func health() {
        for fault: ParentFault in [
            .unknown, .timedOut, .closed, .malformed, .dial(.refused), .dial(.timedOut), .dial(.other),
        ] {
            #expect(fault.speaksAgainstParent)
        }
        for fault: ParentFault in [.unavailable, .dial(.exhausted), .dial(.prohibited)] {
            #expect(!fault.speaksAgainstParent)
        }
    }
}
