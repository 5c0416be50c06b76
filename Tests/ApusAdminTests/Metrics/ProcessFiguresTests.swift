import Foundation
import Testing

@testable import ApusAdmin

@Suite("What the system says of the process")
struct ProcessFiguresTests {
    @Test("it is this process") func current() throws {
        let figures = ProcessFigures.current()
        let resident = try #require(figures.residentBytes)
        #expect(resident > 1 << 20)
        #expect(try #require(figures.virtualBytes) >= resident)
        #expect(try #require(figures.cpuSeconds) >= 0)
        #expect(try #require(figures.threads) >= 1)
        // Standard input, output and error are open, or this test could tell nothing.
        #expect(try #require(figures.openDescriptors) >= 3)
        #expect(try #require(figures.maxDescriptors) >= UInt64(try #require(figures.openDescriptors)))
        // The system's clock may have been set since it was booted, by a little.
        let age = Date().timeIntervalSince1970 - (try #require(figures.startSeconds))
        #expect(age > -60)
    }

    @Test("a descriptor that is opened is counted") func descriptors() throws {
        let pipes = (0..<20).map { _ in Pipe() }
        #expect(try #require(ProcessFigures.current().openDescriptors) >= 40 + 3)
        for pipe in pipes { try pipe.fileHandleForReading.close() }
    }
}
