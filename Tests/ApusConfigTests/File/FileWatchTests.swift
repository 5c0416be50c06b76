import Testing

@testable import ApusConfig

@Suite("Watched files")
struct FileWatchTests {
    /// Files by name, each with what tells its state, and a clock.
    private struct Scene {
        var marks: [String: String]
        var now = 0
        var watch = FileWatch()

        init(_ marks: [String: String], every: [String: Duration]) {
            self.marks = marks
            watch.take(every.map { FileWatch.File($0.key, every: $0.value) }, now: 0) { marks[$0] }
        }

        /// Lets so many milliseconds pass, with a look whenever one is due; answers when there was something to read.
        mutating func pass(_ milliseconds: Int, _ change: (Int, inout [String: String]) -> Void = { _, _ in }) -> [Int]
        {
            var found: [Int] = []
            for _ in 0..<milliseconds {
                now += 1
                change(now, &marks)
                guard watch.wait(now: now) == 0 else { continue }
                let marks = marks
                if watch.look(now: now, mark: { marks[$0] }) {
                    found.append(now)
                    take()
                }
            }
            return found
        }

        mutating func take() {
            let marks = marks
            watch.take([.init("a", every: .seconds(1)), .init("b", every: .seconds(1))], now: now) { marks[$0] }
        }
    }

    private let both: [String: Duration] = ["a": .seconds(1), "b": .seconds(1)]

    @Test("what does not change is never read again") func still() {
        var scene = Scene(["a": "1", "b": "1"], every: both)
        #expect(scene.pass(10_000) == [])
        #expect(FileWatch().wait(now: 0) == nil)
    }

    @Test("a file that has changed is read once it has been the same for 250 ms") func change() {
        var scene = Scene(["a": "1", "b": "1"], every: both)
        #expect(scene.pass(5000) { now, marks in if now == 500 { marks["a"] = "2" } } == [1250])
    }

    @Test("a file that is being written is waited for, and so is one beside it") func writing() {
        var scene = Scene(["a": "1", "b": "1"], every: both)
        let found = scene.pass(5000) { now, marks in
            if now == 900 { marks["b"] = "2" }
            if 800...1990 ~= now { marks["a"] = "\(now)" }
        }
        #expect(found == [2250])
    }

    @Test("a file that is put in another's place may be missing for a moment") func replaced() {
        var scene = Scene(["a": "1", "b": "1"], every: both)
        let found = scene.pass(5000) { now, marks in
            if now == 900 { marks["a"] = nil }
            if now == 1100 { marks["a"] = "2" }
        }
        #expect(found == [1500])
    }

    @Test("a file that stays away has changed, once; so it has when it comes back") func gone() {
        var scene = Scene(["a": "1", "b": "1"], every: both)
        let found = scene.pass(9000) { now, marks in
            if now == 900 { marks["a"] = nil }
            if now == 5000 { marks["a"] = "1" }
        }
        #expect(found == [1250, 5500])
    }

    @Test("a change that is taken back in time is none") func takenBack() {
        var scene = Scene(["a": "1", "b": "1"], every: both)
        let found = scene.pass(5000) { now, marks in
            if now == 900 { marks["a"] = "2" }
            if now == 1100 { marks["a"] = "1" }
        }
        #expect(found == [])
    }

    @Test("each file is looked at as often as it asks for, and as the more impatient asks") func often() {
        var scene = Scene(["a": "1", "b": "1"], every: ["a": .milliseconds(100), "b": .seconds(60)])
        #expect(scene.watch.wait(now: 0) == 100)
        #expect(scene.pass(2000) { now, marks in if now == 50 { marks["b"] = "2" } } == [])
        #expect(scene.pass(60_000) == [60_250])
        var watch = FileWatch()
        watch.take([.init("a", every: .seconds(5)), .init("a", every: .milliseconds(1500))], now: 7) { _ in nil }
        #expect(watch.wait(now: 7) == 1500)
    }

    @Test("other files are watched from now on, and no change of one that stays is lost") func follow() {
        var scene = Scene(["a": "1", "b": "1", "c": "1"], every: both)
        scene.marks["a"] = "2"
        let marks = scene.marks
        scene.watch.follow([.init("a", every: .seconds(1)), .init("c", every: .seconds(1))], now: 0) { marks[$0] }
        #expect(scene.pass(3000) { now, marks in marks["b"] = "\(now)" }.first == 1250)
    }
}
