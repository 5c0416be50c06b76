import ApusPolicy
import ApusSamples
import Testing

@testable import ApusAdvice

@Suite("whether one condition covers another")
struct ConditionCoverTests {
    private func covers(_ outer: Condition, _ inner: Condition) -> Bool {
        let groups = ["ops": ["anna", "bo"], "none": []]
        return ConditionCover(outer, groups: groups).covers(ConditionCover(inner, groups: groups))
    }

    @Test("a condition that says nothing covers all, and is covered by none that says something")
    func nothing() {
        let some = Condition { $0.ports = [80...80] }
        #expect(covers(Condition(), Condition()) && covers(Condition(), some) && !covers(some, Condition()))
        #expect(ConditionCover(Condition(), groups: [:]).isEverything)
        #expect(ConditionCover(Condition { $0.hosts = [.any] }, groups: [:]).isEverything)
        #expect(!ConditionCover(some, groups: [:]).isEverything)
    }

    @Test("an exception of the outer one has to be one of the inner one too")
    func exceptions() {
        let port = Condition { $0.ports = [80...80] }
        let ports = Condition { $0.ports = [70...90] }
        #expect(!covers(Condition { $0.exceptions = [port] }, Condition()))
        #expect(covers(Condition { $0.exceptions = [port] }, Condition { $0.exceptions = [ports] }))
        #expect(!covers(Condition { $0.exceptions = [ports] }, Condition { $0.exceptions = [port] }))
        #expect(covers(Condition(), Condition { $0.exceptions = [port] }))
    }

    @Test("where credentials name groups, a group is covered by itself alone")
    func takenGroups() {
        func covers(_ outer: UserPattern..., by inner: UserPattern) -> Bool {
            let covers = [outer, [inner]].map { users in
                ConditionCover(Condition { $0.users = users }, groups: ["ops": ["anna"]], takesGroups: true)
            }
            return covers[0].covers(covers[1])
        }
        #expect(covers(.group("ops"), by: .user("anna")) && covers(.group("ops"), .user("bo"), by: .group("ops")))
        #expect(!covers(.user("anna"), by: .group("ops")) && covers(.anyone, by: .group("ops")))
        #expect(!covers(.group("other"), by: .group("ops")))
    }

    @Test("users cover by name and by group; who may be anyone is covered by anyone alone")
    func users() {
        func users(_ patterns: UserPattern...) -> Condition { Condition { $0.users = patterns } }
        #expect(covers(users(.group("ops")), users(.user("bo"))) && !covers(users(.user("bo")), users(.group("ops"))))
        #expect(!covers(users(.group("ops")), users(.anyone)) && covers(users(.anyone), users(.group("ops"))))
        #expect(!covers(users(.anyone), Condition()) && covers(users(.user("x")), users(.group("none"))))
    }

    @Test("what gives covers no path and no method of what takes away, which are more than they say")
    func spellings() {
        func cover(_ condition: Condition, _ takesAway: Bool) -> ConditionCover {
            ConditionCover(condition, groups: [:], takesAway: takesAway)
        }
        let paths = (Condition { $0.paths = ["/a"] }, Condition { $0.paths = ["/a/b", "/%61;c"] })
        let methods = (Condition { $0.methods = ["GET"] }, Condition { $0.methods = ["GET"] })
        for (outer, inner) in [paths, methods] {
            for (first, second) in [(true, true), (true, false), (false, false)] {
                #expect(cover(outer, first).covers(cover(inner, second)))
            }
            #expect(!cover(outer, false).covers(cover(inner, true)))
            #expect(cover(Condition(), false).covers(cover(inner, true)))
        }
        let get = Condition { $0.methods = ["get"] }
        #expect(cover(get, true).covers(cover(methods.0, false)) && !cover(get, false).covers(cover(methods.0, false)))
        let connect = Condition { $0.methods = ["CONNECT"] }
        let https = Condition { $0.schemes = [.https] }
        #expect(cover(https, true).covers(cover(connect, false)) && !cover(https, true).covers(cover(connect, true)))
        let scope = Condition { $0.paths = ["/@a%2f"] }
        let name = Condition { $0.paths = ["/@a/b"] }
        #expect(cover(scope, false).covers(cover(name, false)))
        #expect(!cover(Condition { $0.paths = ["/@a/"] }, false).covers(cover(scope, false)))
        // It is, by the unified form; it may say no where it is yes.
        #expect(!cover(Condition { $0.paths = ["/@a;b/"] }, true).covers(cover(name, true)))
    }

    @Test("a name in front of a suffix covers neither it nor its neighbours")
    func hosts() {
        func hosts(_ patterns: HostPattern...) -> Condition { Condition { $0.hosts = patterns } }
        #expect(!covers(hosts(.name("a.b")), hosts(.under("b"))) && !covers(hosts(.under("a.b")), hosts(.name("a.b"))))
        #expect(!covers(hosts(.under("b")), hosts(.name("ab"))) && !covers(hosts(.under("b")), hosts(.list("b"))))
        #expect(covers(hosts(.under("b"), .name("c")), hosts(.name("x.y.b"), .name("c"))))
    }
}
