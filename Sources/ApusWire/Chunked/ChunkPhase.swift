extension ChunkedDecoder {
    /// Where in the framing the next byte stands.
    enum Phase: UInt8 {
        /// In the digits of a size, or before them.
        case size
        /// After the CR of a size line.
        case sizeLF
        /// In chunk data.
        case data
        /// After the last byte of data.
        case dataCR
        /// After the CR behind the data.
        case dataLF
        /// The last chunk's line is through.
        case trailers
        /// A fault was found.
        case faulty
        // The extensions: chunk-ext = *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
        case beforeSemicolon, beforeName, name, afterName, beforeValue, token, quoted, escaped, afterQuoted

        @inline(__always)
        var isExtension: Bool { rawValue >= Self.beforeSemicolon.rawValue }

        var isFinal: Bool { self == .trailers || self == .faulty }

        /// The phase behind one more byte of an extension, `sizeLF` behind its CR, nil if it may not stand there.
        func afterExtensionByte(_ byte: UInt8) -> Phase? {
            switch self {
            case .beforeSemicolon: ByteClass.isBlank(byte) ? self : byte == 0x3b ? .beforeName : nil
            case .beforeName: ByteClass.isBlank(byte) ? self : ByteClass.isToken(byte) ? .name : nil
            case .name: byte == 0x3d ? .beforeValue : afterWord(byte, in: .name, blank: .afterName)
            case .afterName: byte == 0x3d ? .beforeValue : Self.afterName.afterGap(byte)
            case .beforeValue: valueStart(byte)
            case .token: afterWord(byte, in: .token, blank: .beforeSemicolon)
            case .quoted: byte == 0x22 ? .afterQuoted : byte == 0x5c ? .escaped : quotedText(byte)
            case .escaped: quotedText(byte)
            case .afterQuoted: afterWord(byte, in: nil, blank: .beforeSemicolon)
            default: nil
            }
        }

        private func afterWord(_ byte: UInt8, in word: Phase?, blank: Phase) -> Phase? {
            if let word, ByteClass.isToken(byte) { return word }
            switch byte {
            case 0x0d: return .sizeLF
            case 0x3b: return .beforeName
            case 0x20, 0x09: return blank
            default: return nil
            }
        }

        private func afterGap(_ byte: UInt8) -> Phase? {
            ByteClass.isBlank(byte) ? self : byte == 0x3b ? .beforeName : nil
        }

        private func valueStart(_ byte: UInt8) -> Phase? {
            if ByteClass.isBlank(byte) { return self }
            return byte == 0x22 ? .quoted : ByteClass.isToken(byte) ? .token : nil
        }

        private func quotedText(_ byte: UInt8) -> Phase? { ByteClass.isFieldContent(byte) ? .quoted : nil }
    }
}
