import Testing

@testable import ApusWire

@Suite struct ChunkPhaseTests {
    /// Where an extension's bytes lead from the place in front of its semicolon; nil when they may not stand there.
    private func phase(_ bytes: String) -> ChunkedDecoder.Phase? {
        var phase = ChunkedDecoder.Phase.beforeSemicolon
        for byte in bytes.utf8 {
            guard let next = phase.afterExtensionByte(byte) else { return nil }
            phase = next
        }
        return phase
    }

    @Test(
        "an extension leads through its grammar",
        arguments: [
            ("", .beforeSemicolon), (" \t", .beforeSemicolon), (";", .beforeName), ("; ", .beforeName), (";a", .name),
            (";a ", .afterName), (";a;", .beforeName), (";a =", .beforeValue), (";a= \t", .beforeValue),
            (";a=b", .token),
            (";a=b ", .beforeSemicolon), (";a=b;", .beforeName), (";a=\"", .quoted), (";a=\"b;\r", nil),
            (";a=\"\\", .escaped),
            (";a=\"\\\"", .quoted), (";a=\"b\"", .afterQuoted), (";a=\"\" ", .beforeSemicolon),
            (";a=\"\";", .beforeName),
            (";a\r", .sizeLF), (";a=b\r", .sizeLF), (";a=\"b\"\r", .sizeLF),
            // What may not stand there.
            ("\r", nil), ("a", nil), (";;", nil), (";\r", nil), (";=", nil), (";a=\r", nil), (";a=;", nil),
            (";a \r", nil),
            (";a b", nil), (";a\n", nil), (";a=b\n", nil), (";a=\"\n", nil), (";a=\"\\\r", nil), (";a=\"b\"c", nil),
            (";a=b=c", nil), (";\"a\"", nil), (";a\0", nil),
        ] as [(String, ChunkedDecoder.Phase?)]
    )
    private func grammar(_ bytes: String, _ expected: ChunkedDecoder.Phase?) {
        #expect(phase(bytes) == expected)
    }

    @Test("outside of extensions no byte is one of an extension")
    func elsewhere() {
        for phase in [ChunkedDecoder.Phase.size, .sizeLF, .data, .dataCR, .dataLF, .trailers, .faulty] {
            #expect(!phase.isExtension)
            for byte in UInt8.min...UInt8.max { #expect(phase.afterExtensionByte(byte) == nil) }
            #expect(phase.isFinal == (phase == .trailers || phase == .faulty))
        }
    }
}
