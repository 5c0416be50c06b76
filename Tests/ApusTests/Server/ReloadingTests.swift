import ApusTesting
import Synchronization
import Testing

@testable import Apus

@Suite("Reloads at the same time", .timeLimit(.minutes(1)))
struct ReloadingTests {
    @Test("are numbered one by one, and the last one is in force on every thread") func numbered() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start(rules: rules(allow("first"))) { $0.threads = 2 }
        let shared = try #require(proxy.server.life.shared)
        let first = shared.newest.withLock { $0.snapshot.serial }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { [server = proxy.server] in
                    for count in 0..<50 { try server.reload(rules: rules(allow("\(task).\(count)"))) }
                }
            }
            try await group.waitForAll()
        }
        let last = shared.newest.withLock { $0.snapshot }
        #expect(last.serial == first + 400)
        for _ in 0..<8 { #expect(try await proxy.fetch(head("GET", origin.url())).status == 200) }
        let label = try #require(last.words.label(0))
        #expect(try await proxy.settle(8).allSatisfy { $0.rule == label })
    }

    @Test("of rules alone keep the settings that another puts in force meanwhile") func kept() async throws {
        let proxy = try await TestProxy.start(rules: rules(allow("first"))) { _ in }
        let shared = try #require(proxy.server.life.shared)
        for count in 1...200 {
            var configuration = proxy.server.configuration
            configuration.limits.linger += count
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<3 {
                    group.addTask { [server = proxy.server] in
                        try server.reload(rules: rules(allow("\(count).\(task)")))
                    }
                }
                group.addTask { [server = proxy.server, configuration] in
                    try server.reload(configuration: configuration, rules: rules(allow("\(count)")))
                }
                try await group.waitForAll()
            }
            #expect(shared.newest.withLock { $0.configuration.limits.linger } == configuration.limits.linger)
        }
    }
}
