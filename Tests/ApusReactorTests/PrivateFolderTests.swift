import Foundation
import Testing

@testable import ApusReactor

@Suite("A folder for a socket") struct PrivateFolderTests {
    private let place = FileManager.default.temporaryDirectory.appendingPathComponent(
        "apus-\(UUID().uuidString.prefix(8))"
    )

    private func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }

    private var left: [String] { (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? ["?"] }

    @Test("is its owner's alone, and what is moved out of it has its mode; nothing is left") func moved() throws {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        let target = place.appendingPathComponent("s.sock").path
        let folder = try PrivateFolder(beside: target)
        let parent = String(folder.socket.dropLast(2))
        #expect(mode(parent) == 0o700 && parent.hasPrefix(place.path))
        try Data().write(to: URL(fileURLWithPath: folder.socket))
        try folder.open(mode: 0o600)
        #expect(mode(target) == 0o600 && left == ["s.sock"])
    }

    @Test("is not made for what another file is in the way of, and takes nothing with it when it goes") func refused()
        throws
    {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        let target = place.appendingPathComponent("file")
        try Data("kept".utf8).write(to: target)
        #expect(throws: SocketError(code: 88)) { try PrivateFolder(beside: target.path) }
        #expect(throws: SocketError(code: 2)) { try PrivateFolder(beside: "/nonexistent/s.sock") }
        let folder = try PrivateFolder(beside: place.appendingPathComponent("other").path)
        #expect(throws: SocketError(code: 2)) { try folder.open(mode: 0o600) }
        #expect(try String(contentsOf: target, encoding: .utf8) == "kept" && left == ["file"])
    }
}
