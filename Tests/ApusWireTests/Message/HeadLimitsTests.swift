import ApusWire
import Testing

@Suite struct HeadLimitsTests {
    private func request(_ path: Int, _ value: Int) -> [UInt8] {
        let path = String(repeating: "p", count: path)
        return Array(
            "GET http://h/\(path) HTTP/1.1\r\nHost: h\r\nA: \(String(repeating: "v", count: value))\r\n\r\n".utf8
        )
    }

    @Test("the defaults are those of the checklist")
    func defaults() {
        #expect(
            HeadLimits() == HeadLimits(startLine: 16 << 10, fieldLine: 64 << 10, head: 64 << 10, fields: 256)
        )
        #expect(HeadLimits.response.head == 128 << 10)
        #expect(HeadLimits(fields: 1000).fields == FieldTable.capacity)
    }

    @Test("a request line of 16 KiB passes and one byte more is 414")
    func startLine() {
        let fixed = "GET http://h/ HTTP/1.1".utf8.count
        #expect(RequestReading(request(16384 - fixed, 1)).facts != nil)
        #expect(RequestReading(request(16385 - fixed, 1)).fault == .requestLineTooLong)
    }

    @Test("a field line of the whole head passes; of a lower limit one byte more is 431")
    func fieldLine() {
        let longest = HeadLimits().head - request(0, 0).count
        #expect(RequestReading(request(0, longest)).facts != nil)
        #expect(RequestReading(request(0, longest + 1)).fault == .headTooLarge)
        let limits = HeadLimits(fieldLine: 16384)
        #expect(RequestReading(request(0, 16384 - 3), limits: limits).facts != nil)
        #expect(RequestReading(request(0, 16385 - 3), limits: limits).fault == .fieldLineTooLong)
    }

    @Test("a head of exactly its limit passes and one byte more is 431, known as soon as the limit is full")
    func head() {
        let bytes = request(10, 100)
        for offset in [-1, 0, 1, 50] {
            let limits = HeadLimits(head: bytes.count + offset)
            let reading = RequestReading(bytes + Array("trailing".utf8), limits: limits)
            if offset >= 0 {
                #expect(reading.head?.end == bytes.count)
            } else {
                #expect(reading.fault == .headTooLarge)
            }
        }
        for limit in 0..<bytes.count {
            let limits = HeadLimits(head: limit)
            for cut in 0...bytes.count {
                let reading = RequestReading(Array(bytes[..<cut]), limits: limits)
                #expect(reading.head == nil && reading.fault == (cut >= limit ? .headTooLarge : nil))
            }
        }
    }

    @Test("empty lines before a request do not count towards its head")
    func emptyLines() {
        let bytes = request(0, 1)
        let limits = HeadLimits(head: bytes.count)
        for lines in 0...4 {
            let before = [UInt8](Array(repeatElement([13, 10], count: lines)).joined())
            #expect(RequestReading(before + bytes, limits: limits).head?.end == before.count + bytes.count)
            let missing = before + bytes.dropLast()
            for cut in 0...missing.count {
                #expect(RequestReading(Array(missing[..<cut]), limits: limits).isIncomplete)
            }
        }
    }

    @Test("a response head of exactly its limit passes and one byte more does not; so does its status line")
    func response() {
        let bytes = Array("HTTP/1.1 200 OK\r\nA: b\r\n\r\n".utf8)
        for limit in 0...bytes.count {
            for cut in 0...bytes.count {
                let reading = ResponseReading(Array(bytes[..<cut]), limits: HeadLimits(head: limit))
                if limit == bytes.count {
                    #expect(reading.isIncomplete == (cut < limit))
                } else {
                    #expect(reading.head == nil && reading.fault == (cut >= limit ? .headTooLarge : nil))
                }
            }
        }
        #expect(ResponseReading(bytes, limits: HeadLimits(startLine: 15)).facts != nil)
        #expect(ResponseReading(bytes, limits: HeadLimits(startLine: 14)).fault == .headTooLarge)
    }
}
