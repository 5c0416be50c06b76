import Testing

@testable import ApusAdvice

@Suite("Shared suffix")
struct SharedSuffixTests {
    @Test(
        "strangers live under one label, under registries' second levels, and at and under platforms",
        arguments: [
            "com", "example", "", "co.uk", "org.uk", "com.au", "or.jp", "gov.br", "github.io", "amazonaws.com",
            "s3.eu-west-1.amazonaws.com", "blob.core.windows.net", "in-addr.arpa", "pages.dev",
        ]
    )
    func shared(_ suffix: String) {
        #expect(SharedSuffix.isShared(suffix))
    }

    @Test(
        "a registered domain and what is under it has one owner",
        arguments: [
            "example.com", "example.co.uk", "mirrors.example.org", "github.com", "co.example", "xgithub.io",
            "com.example.de",
            "python.org", "eu.mirrors.example.com.au",
        ]
    )
    func own(_ suffix: String) {
        #expect(!SharedSuffix.isShared(suffix))
    }
}
