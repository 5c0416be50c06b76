import Testing

@testable import Apus

@Suite("where a secret stands")
struct SecretPlaceTests {
    @Test("a variable or a file; all else may be the secret itself, and is none")
    func parsing() {
        #expect(SecretPlace(parsing: "env:OFFICE_2") == .variable("OFFICE_2"))
        #expect(SecretPlace(parsing: "file:/run/secrets/office") == .file("/run/secrets/office"))
        for text in ["", "env:", "file:", "env:2X", "env:A-B", "OFFICE", "anna:secret", "ENV:X"] {
            #expect(SecretPlace(parsing: text) == nil, "\(text)")
        }
        #expect("\(SecretPlace.variable("X"))" == "env:X" && "\(SecretPlace.file("a"))" == "file:a")
    }
}
