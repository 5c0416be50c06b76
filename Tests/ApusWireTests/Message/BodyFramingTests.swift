import Testing

@testable import ApusWire

@Suite struct BodyFramingTests {
    private func framing(_ lines: [String]) -> FramingFields {
        var framing = FramingFields()
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            let bytes = Array(parts.count > 1 ? parts[1].utf8 : "".utf8)
            let value = ByteRange(0, bytes.count)
            if parts[0] == "CL" { framing.addLength(bytes.span, value) } else { framing.addCoding(bytes.span, value) }
        }
        return framing
    }

    private func request(_ lines: [String], _ version: HTTPVersion = .http11) -> Result<BodyFraming, RequestFault> {
        do throws(RequestFault) { return .success(try framing(lines).request(version)) } catch {
            return .failure(error)
        }
    }

    private func response(_ lines: [String], _ version: HTTPVersion = .http11) -> Result<BodyFraming, ResponseFault> {
        do throws(ResponseFault) { return .success(try framing(lines).response(version)) } catch {
            return .failure(error)
        }
    }

    @Test("one number, or chunked in any case, frames; nothing means no body in a request, until close in a response")
    func sound() {
        for (lines, body) in [
            ([], BodyFraming.none), (["CL:0"], .none), (["CL:000"], .none), (["CL:5"], .length(5)),
            (["CL:007"], .length(7)),
            (["CL:999999999999999999"], .length(999_999_999_999_999_999)), (["TE:chunked"], .chunked),
            (["TE:CHUNKED"], .chunked), (["TE: \tchunked "], .chunked),
        ] {
            #expect(request(lines) == .success(body), "\(lines)")
            #expect(response(lines) == .success(lines.isEmpty ? .untilClose : body), "\(lines)")
        }
    }

    @Test(
        "a Content-Length that is no number, with a sign, a list with holes or too many digits is malformed",
        arguments: [
            "", "+5", "-1", "-0", "0x5", "5 5", "5a", "5;5", "5,", ",5", "5,,5", "5.0", "1e3", "\u{b2}", "1_000",
            "five", ",",
            "18446744073709551621", "9223372036854775808", "1000000000000000000", "00000000000000000005", "5\u{b}",
        ]
    )
    func malformedLength(_ value: String) {
        #expect(request(["CL:" + value]) == .failure(.malformedContentLength))
        #expect(response(["CL:" + value]) == .failure(.malformedContentLength))
        #expect(request(["CL:5", "CL:" + value]) == .failure(.malformedContentLength))
    }

    @Test("several values are refused in a request; equal ones are one in a response, others refused")
    func repeated() {
        for lines in [["CL:5", "CL:5"], ["CL:5, 5"], ["CL:5,05"], ["CL:5,\t5", "CL:005"], ["CL:0", "CL:0"]] {
            #expect(request(lines) == .failure(.repeatedContentLength), "\(lines)")
            #expect(response(lines) == .success(lines == ["CL:0", "CL:0"] ? .none : .length(5)), "\(lines)")
            #expect(framing(lines).repeatedLength)
        }
        for lines in [["CL:5", "CL:6"], ["CL:5, 6"], ["CL:5,5", "CL:6"], ["CL:0", "CL:5"], ["CL:5, 6, 5"]] {
            #expect(request(lines) == .failure(.repeatedContentLength), "\(lines)")
            #expect(response(lines) == .failure(.differingContentLengths), "\(lines)")
        }
    }

    @Test("both fields together are refused, whatever they say")
    func both() {
        for lines in [
            ["CL:5", "TE:chunked"], ["TE:chunked", "CL:0"], ["CL:x", "TE:x"], ["TE:identity", "CL:5"], ["CL:", "TE:"],
        ] {
            for version in [HTTPVersion.http10, .http11] {
                #expect(request(lines, version) == .failure(.lengthWithTransferEncoding), "\(lines)")
                #expect(response(lines, version) == .failure(.lengthWithTransferEncoding), "\(lines)")
            }
        }
    }

    @Test("Transfer-Encoding in HTTP/1.0 is faulty framing")
    func http10() {
        #expect(request(["TE:chunked"], .http10) == .failure(.transferEncodingInHTTP10))
        #expect(response(["TE:chunked"], .http10) == .failure(.transferEncodingInHTTP10))
        #expect(request(["CL:5"], .http10) == .success(.length(5)))
    }

    @Test(
        "sound codings before one final chunked are not implemented, in one line or several",
        arguments: [
            ["TE:gzip, chunked"], ["TE:gzip", "TE:chunked"], ["TE:identity, chunked"],
            ["TE:a;q=\"x\" ; b=c, d,\tchunked"],
            ["TE:a", "TE:b,c", "TE:Chunked"], ["TE:chunked;q=1, chunked"],
        ]
    )
    func unknown(_ lines: [String]) {
        #expect(request(lines) == .failure(.unknownTransferCoding))
        #expect(response(lines) == .failure(.unknownTransferCoding))
    }

    @Test("sound codings without a final chunked are a fault in a request, not implemented in a response")
    func open() {
        for lines in [["TE:gzip"], ["TE:identity"], ["TE:xchunked"], ["TE:chunked;q=1"], ["TE:chunkedx"], ["TE:a, b"]] {
            #expect(request(lines) == .failure(.malformedTransferEncoding), "\(lines)")
            #expect(response(lines) == .failure(.unknownTransferCoding), "\(lines)")
        }
    }

    @Test(
        "codings behind chunked, holes in the list and what is no token are malformed",
        arguments: [
            ["TE:"], ["TE:,"], ["TE:, chunked"], ["TE:chunked,"], ["TE:chunked, chunked"],
            ["TE:chunked", "TE:chunked"],
            ["TE:chunked, identity"], ["TE:chunked", "TE:gzip"], ["TE:chunked", "TE:"], ["TE:", "TE:chunked"],
            ["TE:\"chunked\""], ["TE:chun ked"], ["TE:gzip chunked"], ["TE:chunked gzip, chunked"], ["TE:[chunked]"],
            ["TE:gzip,,chunked"], ["TE:;q=1, chunked"], ["TE:chunked\u{b}"], ["TE:\u{a0}chunked"], ["TE:(a), chunked"],
        ]
    )
    func malformed(_ lines: [String]) {
        #expect(request(lines) == .failure(.malformedTransferEncoding))
        #expect(response(lines) == .failure(.malformedTransferEncoding))
    }
}
