import Apus
import Testing

@testable import ApusConfig

@Suite struct SettingsParserTests {
    private func parse(_ arguments: [String], _ environment: [String: String] = [:]) throws(SettingFault)
        -> ParsedSettings
    {
        try SettingsParser.parse(arguments: arguments, environment: environment)
    }

    private func fault(_ arguments: [String], _ environment: [String: String] = [:]) -> String {
        do { _ = try parse(arguments, environment) } catch { return error.description }
        return "no fault"
    }

    @Test("nothing given is the defaults")
    func nothing() throws {
        let parsed = try parse([])
        #expect(parsed.action == .serve)
        #expect(parsed.configuration == ParsedSettings().configuration)
        #expect(parsed.file == nil && parsed.sources.isEmpty && parsed.notices.isEmpty)
    }

    @Test("a flag wins over its variable, a variable over the default")
    func precedence() throws {
        let environment = ["APUS_TIMEOUT_HEAD": "5s", "APUS_MAX_FIELDS": "50", "APUS_LISTEN": "127.0.0.1:1,[::1]:2"]
        let both = try parse(["--timeout-head", "7s", "--listen=127.0.0.1:9"], environment).configuration
        #expect(both.timeouts.head == .seconds(7))
        #expect(both.limits.fields == 50)
        #expect(both.listeners.map(\.port) == [9])
        #expect(try parse([], environment).configuration.listeners.map(\.port) == [1, 2])
    }

    @Test("a value stands behind the flag or behind =, and the last one counts")
    func spellings() throws {
        #expect(try parse(["--threads", "3"]).configuration.threads == 3)
        #expect(try parse(["--threads=3", "--threads=4"]).configuration.threads == 4)
        #expect(try parse(["--log-file=a=b"]).configuration.log.file == "a=b")
        #expect(try parse(["--log-file", "-"]).configuration.log.file == "-")
    }

    @Test("a list grows by repetition and by commas")
    func lists() throws {
        let configuration = try parse([
            "--allow-to", "10.0.0.0/8, fd00::/8", "--allow-to=::1", "--connect-ports", "443,8443,443",
        ]).configuration
        #expect(configuration.allowTo == ["10.0.0.0/8", "fd00::/8", "::1"])
        #expect(configuration.connectPorts == .only([443, 8443]))
        #expect(try parse(["--connect-ports", "all"]).configuration.connectPorts == .all)
        #expect(try parse(["--connect-ports", "none"]).configuration.connectPorts == .only([]))
    }

    @Test("a switch is given by its flag, undone by --no-, and read from a variable")
    func switches() throws {
        #expect(try parse(["--allow-private"]).configuration.allowPrivate)
        #expect(try parse(["--allow-private=true"]).configuration.allowPrivate)
        #expect(try !parse(["--allow-private=no"]).configuration.allowPrivate)
        #expect(try parse([], ["APUS_ALLOW_PRIVATE": "1"]).configuration.allowPrivate)
        #expect(try !parse(["--no-allow-private"], ["APUS_ALLOW_PRIVATE": "1"]).configuration.allowPrivate)
        #expect(fault(["--no-allow-private=1"]) == "--no-allow-private takes no value")
        #expect(
            fault(["--allow-private=perhaps"])
                == "--allow-private: \"perhaps\" is neither yes nor no; for example --allow-private=true"
        )
    }

    @Test("an unknown flag names the nearest known one")
    func unknownFlags() {
        #expect(fault(["--lisen", "127.0.0.1:1"]) == "--lisen: there is no such option; did you mean --listen?")
        #expect(fault(["--no-alow-private"]).hasSuffix("did you mean --no-allow-private?"))
        #expect(fault(["--no-listen"]).hasPrefix("--no-listen: there is no such option"))
        #expect(fault(["-listen"]).hasSuffix("did you mean --listen?"))
        #expect(fault(["-v"]).hasSuffix("did you mean --version?"))
        #expect(fault(["--qqqqqq"]) == "--qqqqqq: there is no such option")
    }

    @Test("a word without a flag is answered with what may have been meant")
    func strayWords() {
        #expect(fault(["127.0.0.1:3128"]).hasSuffix("write --listen 127.0.0.1:3128"))
        #expect(fault(["version"]).hasSuffix("did you mean --version?"))
        #expect(fault(["--"]) == "\"--\" belongs to no option")
        #expect(fault(["reference", "x", "y"]).hasPrefix("\"reference\""))
    }

    @Test("a missing value names the flag, what it takes, and an example")
    func missingValues() {
        let expected = "--listen needs a value, --listen ADDR:PORT, for example --listen 127.0.0.1:3128"
        #expect(fault(["--listen"]) == expected)
        #expect(fault(["--listen="]) == expected)
        #expect(fault(["--listen", ""]) == expected)
        #expect(fault(["--listen", "--allow-private"]) == expected)
    }

    @Test("a bad value names flag or variable, what is wrong, and an example")
    func badValues() {
        let flag = fault(["--timeout-head", "15"])
        #expect(flag.hasPrefix("--timeout-head: \"15\" has no unit"))
        #expect(flag.hasSuffix("for example --timeout-head 10s"))
        let variable = fault([], ["APUS_TIMEOUT_HEAD": "soon"])
        #expect(variable.hasPrefix("APUS_TIMEOUT_HEAD: \"soon\""))
        #expect(variable.hasSuffix("for example APUS_TIMEOUT_HEAD=10s"))
        for word in ["x", "localhost:3128", ":3128", "127.0.0.1:3128,"] {
            #expect(fault(["--listen", word]).hasPrefix("--listen: "), "\(word)")
        }
        #expect(fault(["--connect-ports", "443,0"]).hasPrefix("--connect-ports: \"0\""))
        #expect(fault(["--connect-ports", "443,all"]).hasPrefix("--connect-ports: \"all\""))
        #expect(fault(["--log", "xml"]).contains("auto, short, json, combined, squid, off"))
        #expect(fault(["--allow-from", "lan"]).hasPrefix("--allow-from: \"lan\" is no network"))
    }

    @Test("the words that tell a secret are the usual ones, others, both, or none")
    func secretNames() throws {
        func words(_ text: String) throws -> [String] {
            try parse(["--log-secret-names", text]).configuration.log.secretNames
        }
        let standard = ProxyConfiguration().log.secretNames
        #expect(standard.contains("cookie") && standard.contains("auth"))
        #expect(try words("standard,Tenant") == standard + ["tenant"] && words("standard") == standard)
        #expect(try words("x-id,key") == ["x-id", "key"] && words("none").isEmpty)
        for word in ["a b", "a:b", "standard,*"] {
            #expect(fault(["--log-secret-names", word]).hasPrefix("--log-secret-names: "), "\(word)")
        }
    }

    @Test("values that are out of range or do not fit are all told, by the names the user gave")
    func unusable() {
        let text = fault(["--max-fields", "0", "--max-request-head", "8KiB"], ["APUS_THREADS": "5000"])
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("APUS_THREADS: 5000") == true)
        #expect(lines.contains { $0.hasPrefix("--max-request-line: 16384 is more than") })
    }

    @Test("help and version win over what else is said, help over version, even without sense")
    func actions() throws {
        #expect(try parse(["--threads", "2", "--help", "--nonsense"]).action == .help(.serve))
        #expect(try parse(["--version", "-h"]).action == .help(.serve))
        #expect(try parse(["--version"]).action == .version)
        #expect(try parse(["-V"]).action == .version)
        #expect(try parse(["reference"]).action == .reference)
        #expect(try parse(["--help"], ["APUS_THREADS": "x"]).action == .help(.serve))
    }

    @Test("an empty variable counts as none, and other programs' variables are not read")
    func environment() throws {
        let foreign = ["APUS_LISTEN": "", "HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "x", "LISTEN": "y"]
        let parsed = try parse([], foreign)
        #expect(parsed.configuration == ParsedSettings().configuration)
        #expect(parsed.notices.isEmpty)
    }

    @Test("an unknown variable of ours is a notice, one that Kubernetes sets is none")
    func unknownVariables() throws {
        let environment = [
            "APUS_LISTN": "x", "APUS_SERVICE_HOST": "10.0.0.1", "APUS_PORT": "tcp://10.0.0.1:3128",
            "APUS_PORT_3128_TCP_ADDR": "10.0.0.1",
        ]
        let notices = try parse([], environment).notices
        #expect(notices == ["APUS_LISTN is set, and there is no such setting; did you mean APUS_LISTEN?"])
    }
}
