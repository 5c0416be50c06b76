import Testing

@testable import ApusWire

@Suite struct ByteCopyTests {
    private let source = Array("0123456789".utf8)

    @Test("a run is copied to its place and nothing around it is touched")
    func copies() {
        var target = [UInt8](repeating: 0x2e, count: 8)
        var span = target.mutableSpan
        let end = copy(source.span, 3..<6, to: &span, at: 2)
        #expect(end == 5)
        #expect(text(target) == "..345...")
    }

    @Test("a run that fits to the byte is copied, one byte more is not, at every place")
    func fits() {
        for room in 0...6 {
            for at in 0...7 {
                for count in 0...7 {
                    var target = [UInt8](repeating: 0x2e, count: room)
                    var span = target.mutableSpan
                    let end = copy(source.span, 1..<1 + count, to: &span, at: at)
                    #expect(end == (at + count <= room ? at + count : nil), "\(count) to \(at) of \(room)")
                    if end == nil { #expect(target.allSatisfy { $0 == 0x2e }) }
                }
            }
        }
    }

    @Test("an offset below zero takes nothing")
    func negative() {
        var target = [UInt8](repeating: 0, count: 4)
        var span = target.mutableSpan
        let end = copy(source.span, 0..<1, to: &span, at: -1)
        #expect(end == nil)
    }
}
