import ApusTesting
import Foundation
import Testing

@testable import Apus

/// Lines by a socket in the file system, of a real kernel.
@Suite("A server of lines", .timeLimit(.minutes(2)))
struct HostLineServerTests {
    private final class Scene: Sendable {
        let folder: String
        let path: String
        let server: HostLineServer

        init(_ handler: @escaping HostLineServer.Handler = { $1.end($0) }) throws {
            folder = "/tmp/apus-lines-\(UUID().uuidString.prefix(8))"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            path = folder + "/s.sock"
            server = try HostLineServer(path: path, refusals: Scene.refusals, handler)
        }

        static let refusals = HostLineServer.Refusals(
            stranger: { Array("user \($0)".utf8) },
            crowd: Array("crowd".utf8),
            noLine: Array("no line".utf8),
            ended: Array("ended".utf8)
        )

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        /// All that a client gets until the end which sends these pieces. Off the threads that tasks share: it waits.
        func converse(_ pieces: [UInt8]...) async throws -> String {
            try await onOwnThread { [path] in
                let connection = try HostConnection(path: path, milliseconds: 60_000)
                for piece in pieces { try connection.send(piece) }
                return try Scene.rest(connection)
            }
        }

        static func rest(_ connection: borrowing HostConnection) throws -> String {
            var all: [UInt8] = []
            while let more = try connection.receive(milliseconds: 60_000), !more.isEmpty { all += more }
            return String(decoding: all, as: UTF8.self)
        }
    }

    @Test("a line is answered by lines, and the connection closes", .timeLimit(.minutes(1))) func lines() async throws {
        let scene = try Scene { line, reply in
            reply.say(Array("first".utf8))
            reply.end(line + line)
        }
        #expect(try await scene.converse(Array("ab\r\nnobody reads this\n".utf8)) == "first\nabab\n")
        await scene.server.finish()
        #expect(!FileManager.default.fileExists(atPath: scene.path))
    }

    @Test("a line that comes byte by byte is the same line") func pieces() async throws {
        let scene = try Scene()
        let told = try await onOwnThread { [path = scene.path] in
            let connection = try HostConnection(path: path, milliseconds: 60_000)
            for byte in "hello\n".utf8 { try connection.send([byte]) }
            return try Scene.rest(connection)
        }
        #expect(told == "hello\n")
        await scene.server.finish()
    }

    @Test("an answer may come later, and from elsewhere") func later() async throws {
        let scene = try Scene { line, reply in Task.detached { reply.end(line) } }
        #expect(try await scene.converse(Array("x\n".utf8)) == "x\n")
        await scene.server.finish()
    }

    @Test("a line that is too long, and one that never ends, are told so, and others are served meanwhile")
    func bounds() async throws {
        let scene = try Scene()
        async let silent = scene.converse(Array("half".utf8))
        #expect(try await scene.converse([UInt8](repeating: 0x78, count: 5000)) == "no line\n")
        #expect(try await scene.converse(Array("y\n".utf8)) == "y\n")
        #expect(try await silent == "no line\n")
        await scene.server.finish()
    }

    @Test("who has no answer when it ends is told, once") func unanswered() async throws {
        let (asked, replies) = AsyncStream.makeStream(of: HostLineServer.Reply.self)
        let scene = try Scene { _, reply in
            reply.say(Array("soon".utf8))
            replies.yield(reply)
        }
        async let waiting = scene.converse(Array("x\n".utf8))
        var iterator = asked.makeAsyncIterator()
        let reply = try #require(await iterator.next())
        await scene.server.finish()
        reply.end(Array("late".utf8))
        #expect(try await waiting == "soon\nended\n")
    }

    @Test("an answer has one end, whoever sends it") func onceOnly() async throws {
        let scene = try Scene { line, reply in
            reply.end(line)
            reply.say(Array("more".utf8))
            reply.end(Array("again".utf8))
        }
        #expect(try await scene.converse(Array("x\n".utf8)) == "x\n")
        await scene.server.finish()
    }

    @Test("no more than so many are served at a time, and the next one is told") func crowd() async throws {
        let scene = try Scene { _, _ in }
        let told = try await onOwnThread { [path = scene.path] in
            let holders = try (0..<HostLineServer.most).map { _ in
                let connection = try HostConnection(path: path, milliseconds: 60_000)
                try connection.send(Array("wait\n".utf8))
                return Holder(connection)
            }
            let late = try HostConnection(path: path, milliseconds: 60_000)
            let told = try Scene.rest(late)
            return (told, holders.count)
        }
        #expect(told.0 == "crowd\n")
        #expect(told.1 == HostLineServer.most)
        await scene.server.finish()
    }

    private final class Holder {
        let connection: HostConnection
        init(_ connection: consuming HostConnection) { self.connection = connection }
    }

    @Test("a socket that somebody serves is not taken away, and one that was left behind is") func places() async throws
    {
        let scene = try Scene()
        #expect(throws: HostLineServer.Fault.taken(process: HostProcess.identifier)) {
            try HostLineServer(path: scene.path, refusals: Scene.refusals) { _, _ in }
        }
        #expect(try await scene.converse(Array("still\n".utf8)) == "still\n")
        // What a killed process leaves: the file, and nobody behind it.
        let other = scene.folder + "/t.sock"
        let left = try HostLineServer(path: other, refusals: Scene.refusals) { _, _ in }
        try FileManager.default.linkItem(atPath: other, toPath: scene.folder + "/u.sock")
        await left.finish()
        let new = try HostLineServer(path: scene.folder + "/u.sock", refusals: Scene.refusals) { $1.end($0) }
        let told = try await onOwnThread { [path = scene.folder + "/u.sock"] in
            let again = try HostConnection(path: path, milliseconds: 60_000)
            try again.send(Array("z\n".utf8))
            return try Scene.rest(again)
        }
        #expect(told == "z\n")
        await new.finish()
        await scene.server.finish()
    }

    @Test("what a killed process has left is swept, and nothing else") func swept() async throws {
        let scene = try Scene()
        let left = try HostLineServer(path: scene.folder + "/l.sock", refusals: Scene.refusals) { _, _ in }
        try FileManager.default.linkItem(atPath: scene.folder + "/l.sock", toPath: scene.folder + "/dead.sock")
        await left.finish()
        try Data("mine".utf8).write(to: URL(filePath: scene.folder + "/file"))
        for name in ["dead.sock", "file", "s.sock", "nothing"] { HostLineServer.sweep("\(scene.folder)/\(name)") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scene.folder).sorted() == ["file", "s.sock"])
        await scene.server.finish()
    }

    @Test("a file that is no socket stays, and who ends takes no other one's socket away") func files() async throws {
        let scene = try Scene()
        let file = scene.folder + "/file"
        try Data("mine".utf8).write(to: URL(filePath: file))
        #expect(throws: HostLineServer.Fault.self) {
            try HostLineServer(path: file, refusals: Scene.refusals) { _, _ in }
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        try FileManager.default.removeItem(atPath: scene.path)
        let other = try HostLineServer(path: scene.path, refusals: Scene.refusals) { $1.end($0) }
        await scene.server.finish()
        #expect(FileManager.default.fileExists(atPath: scene.path))
        await other.finish()
        #expect(!FileManager.default.fileExists(atPath: scene.path))
    }

    @Test("only its owner may open it") func mode() async throws {
        let scene = try Scene()
        let mode = try FileManager.default.attributesOfItem(atPath: scene.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scene.folder) == ["s.sock"])
        await scene.server.finish()
    }
}
