import Apus
import ApusPolicy
import ApusWire
import Testing

@testable import ApusConfig

@Suite("the environment's proxy")
struct ParentEnvironmentTests {
    private func fault(_ environment: [String: String]) -> String {
        do throws(ValueFault) { _ = try ParentEnvironment(environment) } catch { return error.message }
        return "no fault"
    }

    @Test("either variable is enough, small letters go before large ones, and no scheme means HTTP")
    func variables() throws {
        for environment in [
            ["http_proxy": "http://p:1"], ["HTTPS_PROXY": "p:1"], ["http_proxy": "p:1/", "HTTP_PROXY": "q:2"],
            ["http_proxy": "p:1", "https_proxy": "http://P:1/"], ["http_proxy": "", "https_proxy": "p:1"],
        ] {
            let parent = try ParentEnvironment(environment).parent
            #expect(parent == ParentSettings(name: "env", host: "p", port: 1), "\(environment)")
        }
        #expect(try ParentEnvironment(["http_proxy": "socks5h://p:1"]).parent.scheme == .socks5h)
    }

    @Test("credentials are taken out of the URL, decoded, and shown by nothing")
    func credentials() throws {
        let parent = try ParentEnvironment(["http_proxy": "http://an%40na:ge:h%65im@p:1"]).parent
        #expect(
            parent.credentials == ParentCredentials(user: "an@na", password: "ge:heim") && parent.url == "http://p:1"
        )
        #expect(
            try ParentEnvironment(["http_proxy": "anna@p:1"]).parent.credentials
                == ParentCredentials(user: "anna", password: "")
        )
    }

    @Test(
        "what is none is told by the variable's name, and never by its value",
        arguments: [
            (["http_proxy": "http://geheim"], "http_proxy: the URL has no port"),
            (["http_proxy": "http://a:ge%im@p:1"], "has a % that is no encoding"),
            (["HTTPS_PROXY": "https://geheim:1"], "HTTPS_PROXY: TLS to a parent is not there yet"),
            (["http_proxy": "ftp://geheim:1"], "http, socks5 and socks5h are spoken"),
            (["http_proxy": "http://geheim:1/x"], "this is no URL of a proxy"),
            (["http_proxy": "p:1", "https_proxy": "geheim:1"], "name two"),
            (["http_proxy": "p:1", "no_proxy": "a.example:443"], "has an entry with a port, a.example:443"),
            ([:], "neither http_proxy nor https_proxy is set here"),
        ] as [([String: String], String)]
    )
    func faults(_ environment: [String: String], _ words: String) {
        let found = fault(environment)
        #expect(found.contains(words) && !found.contains("geheim"), "\(found)")
    }

    @Test("NO_PROXY is read as its own programs read it")
    func noProxy() throws {
        func bypass(_ text: String) throws -> [String] {
            let read = try ParentEnvironment(["http_proxy": "p:1", "NO_PROXY": text])
            return BypassText.describe(read.parent.bypass)
        }
        #expect(
            try bypass("corp.example, .lan.example *.sub.example,") == [
                ".corp.example", ".lan.example", "*.sub.example",
            ]
        )
        #expect(try bypass("*") == ["all"])
        #expect(
            try bypass("10.0.0.0/8,192.0.2.1,[2001:db8::1],::1") == [
                "10.0.0.0/8", "192.0.2.1/32", "2001:db8::1/128", "::1/128",
            ]
        )
        #expect(try bypass("localhost") == [".localhost"])
        let strange = try ParentEnvironment(["http_proxy": "p:1", "no_proxy": "10.*,a b.example,-"])
        #expect(strange.strange.contains("10.*"))
    }
}
