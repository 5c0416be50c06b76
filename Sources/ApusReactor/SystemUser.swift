internal import CApusReactor
internal import Glibc

/// A user of this system, and what becoming one takes.
package struct SystemUser: Sendable, Equatable {
    /// The number (uid).
    package let number: UInt32
    private let group: UInt32
    private let groups: [UInt32]

    /// More groups than anybody is in; NFS allows 16.
    private static let mostGroups = 1024

    /// The number of the user whose rights this process has; 0 is root.
    package static var current: UInt32 { apus_current_user() }

    /// Finds one by name, with all groups.
    ///
    /// - Returns: nil where there is none of that name.
    /// - Throws: the errno of the system's data base.
    package static func named(_ name: String) throws(SocketError) -> SystemUser? {
        var (number, group): (UInt32, UInt32) = (0, 0)
        var groups = [UInt32](repeating: 0, count: mostGroups)
        let count = apus_find_user(name, &number, &group, &groups, Int32(mostGroups))
        if count == -ENOENT { return nil }
        guard count >= 0 else { throw SocketError(code: -count) }
        return SystemUser(number: number, group: group, groups: Array(groups.prefix(Int(count))))
    }

    /// Makes the whole process this user's, for good.
    ///
    /// - Throws: EPERM when this process may not, or could come back.
    package func become() throws(SocketError) {
        let code = apus_become(number, group, groups, Int32(groups.count))
        guard code == 0 else { throw SocketError(code: -code) }
    }

    /// Does what this user could do, on a thread of its own, and waits for it.
    ///
    /// - Throws: EPERM when this process may not take another user's rights.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) throws(SocketError) -> Value {
        let place = Place<Value>()
        let work = Unmanaged.passRetained(Work { place.value = body() })
        defer { work.release() }
        let code = apus_run_as(
            number,
            group,
            groups,
            Int32(groups.count),
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().run() }
            },
            work.toOpaque()
        )
        guard code == 0, let value = place.value else { throw SocketError(code: -code) }
        return value
    }

    /// Where one thread leaves what another one waits for.
    private final class Place<Value> {
        var value: Value?
    }

    private final class Work {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    /// What this thread, and those that it starts from now on, execute gets no more rights than they have.
    package static func forbidNewPrivileges() { apus_forbid_new_privileges() }
}
