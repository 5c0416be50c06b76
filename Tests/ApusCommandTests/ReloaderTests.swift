import Apus
import ApusConfig
import ApusTesting
import Foundation
import Testing

@testable import ApusCommand

/// What a reload takes of real files, in a running server.
@Suite("Reloading files", .timeLimit(.minutes(2)))
struct ReloaderTests {
    /// A folder of the test's own with a settings file, and a server that runs by it.
    private final class Scene: Sendable {
        let folder: URL
        let proxy: TestProxy
        let reloader: Reloader

        init(_ files: [String: String], _ more: [String] = []) async throws {
            folder = URL(filePath: "/tmp/apus-reload-\(UUID().uuidString)", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
            let arguments = ["--config", folder.appending(path: "f").path, "--allow-private"] + more
            let settings = try SettingsParser.parse(arguments: arguments, environment: [:], files: .system)
            proxy = try await TestProxy.start(
                rules: settings.policy.rules,
                authenticator: try await Users.authenticator(
                    settings.policy,
                    ipv6Prefix: settings.configuration.limits.ipv6Prefix
                )
            ) { _ in }
            reloader = Reloader(proxy.server, settings, arguments, [:], Notices([:]), ServiceManager([:]))
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }

        /// The status of what the proxy says to a GET.
        func status(_ host: String) async throws -> Int {
            try await onOwnThread { [port = proxy.port] in
                let client = try RawClient(port: port)
                defer { client.close() }
                try client.send("GET http://\(host)/ HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                return try client.readResponse().status
            }
        }

        /// How many rules are in force.
        var rules: Int { proxy.server.currentRules.rules.count }

        /// Reloads that succeeded, and that failed.
        func reloads() async -> [UInt64] {
            let reloads = await proxy.server.traffic(names: 0).reloads
            return [UInt64(reloads.succeeded), UInt64(reloads.failed)]
        }
    }

    @Test("an emptied file keeps the rules, and the failed reload is counted; a whole one is taken") func emptied()
        async throws
    {
        let scene = try await Scene(["f": "rules: [deny: all, allow: all]\n"])
        var failed: UInt64 = 0
        for text in ["", "{}", "# gone\n", "rules: []\n", "rules: none\n", "threads: 1\n"] {
            try scene.write("f", text)
            await scene.reloader.reload()
            failed += 1
            #expect(scene.rules == 2, "\(text)")
            #expect(await scene.reloads() == [0, failed])
        }
        #expect(try await scene.status("127.0.0.1:9") == 403)
        try scene.write("f", "rules: [deny: all]\n")
        await scene.reloader.reload()
        #expect(scene.rules == 1)
        #expect(await scene.reloads() == [1, failed])
    }

    @Test("a list, and users, whose file is emptied or gone stay as they were") func lists() async throws {
        let hash = "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
        let settings = """
            lists: { ads: { file: ads, format: domains } }
            users: { file: users }
            rules: [deny: { to: list:ads }, allow: { user: all }]

            """
        let scene = try await Scene(["f": settings, "ads": "ads.example\n", "users": "anna:\(hash)\n"])
        func holds() async throws {
            #expect(scene.proxy.server.currentRules.lists["ads"]?.count == 1)
            #expect(try await scene.status("ads.example") == 403)
            #expect(try await scene.status("127.0.0.1:9") == 407)
        }
        try await holds()
        for (name, text) in [("ads", ""), ("users", "")] {
            let before = try String(contentsOf: scene.folder.appending(path: name), encoding: .utf8)
            try scene.write(name, text)
            await scene.reloader.reload()
            try await holds()
            try FileManager.default.removeItem(at: scene.folder.appending(path: name))
            await scene.reloader.reload()
            try await holds()
            try scene.write(name, before)
        }
        #expect(await scene.reloads() == [0, 4])
        await scene.reloader.reload()
        #expect(await scene.reloads() == [1, 4])
    }

    @Test("a list that is looked at by itself is taken, and a settings file that nobody watches is not")
    func listAlone() async throws {
        let settings = """
            lists: { ads: { file: ads, format: domains, refresh: 1s } }
            rules: [deny: { to: list:ads }, allow: all]

            """
        let scene = try await Scene(["f": settings, "ads": "ads.example\n"])
        let watching = Task { [reloader = scene.reloader] in await reloader.watch() }
        defer { watching.cancel() }
        try scene.write("f", "rules: [allow: all]\n")
        try scene.write("ads", "ads.example\nads.test\n")
        while await scene.reloads()[0] == 0 { await Task.yield() }
        #expect(scene.rules == 2)
        #expect(scene.proxy.server.currentRules.lists["ads"]?.count == 2)
        try scene.write("ads", "")
        while await scene.reloads()[1] == 0 { await Task.yield() }
        #expect(scene.proxy.server.currentRules.lists["ads"]?.count == 2)
    }

    @Test("a watched file that is emptied, then written, is taken when it is whole") func watched() async throws {
        let scene = try await Scene(["f": "rules: [allow: all]\n"], ["--watch", "100ms"])
        let watching = Task { [reloader = scene.reloader] in await reloader.watch() }
        defer { watching.cancel() }
        try scene.write("f", "")
        while await scene.reloads()[1] == 0 { await Task.yield() }
        #expect(scene.rules == 1)
        try scene.write("f", "rules: [deny: all, allow: all]\n")
        while scene.rules != 2 { await Task.yield() }
    }
}
