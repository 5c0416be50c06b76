import Testing

@testable import Apus

@Suite("LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES")
struct ListenVariablesTests {
    private func read(_ pairs: KeyValuePairs<String, String>) throws -> ListenVariables? {
        try ListenVariables(Dictionary(pairs.map { ($0.key, $0.value) }) { $1 })
    }

    @Test("a name for each descriptor; without names all are for clients") func names() throws {
        let named = try read(["LISTEN_PID": "7", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "proxy:admin:proxy"])
        #expect(named?.process == 7 && named?.names == ["proxy", "admin", "proxy"])
        #expect(try read(["LISTEN_PID": "7", "LISTEN_FDS": "2"])?.names == ["proxy", "proxy"])
    }

    @Test("nothing is handed over without a count and a process, and by a count of 0") func none() throws {
        #expect(try read([:]) == nil)
        #expect(try read(["LISTEN_FDS": "1"]) == nil)
        #expect(try read(["LISTEN_PID": "7"]) == nil)
        #expect(try read(["LISTEN_PID": "7", "LISTEN_FDS": "0"]) == nil)
    }

    @Test(
        "what is no number, or has another count of names, is a fault",
        arguments: [
            ["LISTEN_PID": "me", "LISTEN_FDS": "1"], ["LISTEN_PID": "0", "LISTEN_FDS": "1"],
            ["LISTEN_PID": "7", "LISTEN_FDS": "-1"], ["LISTEN_PID": "7", "LISTEN_FDS": "99999999999"],
            ["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "proxy"],
            ["LISTEN_PID": "7", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "proxy:"],
        ]
    )
    func faults(_ variables: [String: String]) {
        #expect(throws: SocketActivationFault.self) { try ListenVariables(variables) }
    }
}
