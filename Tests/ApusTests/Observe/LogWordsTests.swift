import ApusReactor
import Glibc
import Testing

@testable import Apus

@Suite struct LogWordsTests {
    private func told(_ trouble: LogTrouble, _ change: (inout ProxyConfiguration.LogSettings) -> Void = { _ in })
        -> [String]
    {
        var settings = ProxyConfiguration.LogSettings()
        change(&settings)
        let told = ToldWords()
        LogWords(settings).tell(trouble, told.logger)
        return told.words
    }

    @Test("dropped lines are told with their number, the log's place and why") func drops() {
        #expect(
            told(.dropped(lines: 7, error: nil)) == [
                "warning: access lines are dropped, 7 since the start, because of standard output, which takes them too slowly"
            ]
        )
        #expect(
            told(.dropped(lines: 1, error: SocketError(code: ENOENT))) { $0.sink = .syslog } == [
                "warning: access lines are dropped, 1 since the start, because of syslog at /dev/log: No such file or directory"
            ]
        )
    }

    @Test("a file that stays is told by its path") func files() {
        let full = SocketError(code: ENOSPC)
        #expect(
            told(.cannotRotate(full)) { $0.file = "/a.log" } == [
                "error: /a.log cannot be put aside, lines go on to the old file: No space left on device"
            ]
        )
        #expect(
            told(.cannotReopen(full)) { $0.file = "/a.log" } == [
                "error: /a.log cannot be opened anew, lines go on to the old file: No space left on device"
            ]
        )
    }
}
