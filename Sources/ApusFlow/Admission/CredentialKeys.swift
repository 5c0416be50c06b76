package import ApusPolicy
package import ApusWire

/// By what credentials are known again without being kept: a keyed digest of who shows them and what is shown, one for each
/// name and password, however the field spells them.
///
/// Canonical base64 has one spelling for each content, so that the digest is taken of the field's text where it stands. What an older
/// client sends in ISO-8859-1 has the digest of the same name and password in UTF-8 once it is decoded.
package struct CredentialKeys: Sendable {
    private let basic: SipHash.Key
    private let bearer: SipHash.Key

    /// Takes two secret keys, so that no name and password has the digest of a token.
    package init(basic: SipHash.Key, bearer: SipHash.Key) {
        self.basic = basic
        self.bearer = bearer
    }

    /// The digest of what stands in a field; allocates nothing. It may be the one of no credentials at all.
    package func digest(
        of text: CredentialsText,
        in bytes: Span<UInt8>,
        from client: IPAddress
    ) -> SipHash.Digest {
        digest(text.scheme, bytes, text.range, client)
    }

    /// The digest of what was decoded: the same one, where that was UTF-8.
    package func digest(of credentials: ProxyCredentials, from client: IPAddress) -> SipHash.Digest {
        switch credentials {
        case .basic(let user, let password):
            let text = Base64.encode(Array(user.utf8) + [Ascii.colon] + password.bytes)
            return digest(.basic, text.span, 0..<text.count, client)
        case .bearer(let token): return digest(.bearer, token.bytes.span, 0..<token.bytes.count, client)
        }
    }

    private func digest(
        _ scheme: CredentialsText.Scheme,
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ client: IPAddress
    ) -> SipHash.Digest {
        let client = client.unmapped
        // No client comes from ff00::/8, which is multicast: an address of IPv4 cannot be taken for one of IPv6.
        let high = client.family == .v4 ? UInt64.max : client.high
        return SipHash.digest(scheme == .basic ? basic : bearer, high, client.low, bytes, range)
    }
}
