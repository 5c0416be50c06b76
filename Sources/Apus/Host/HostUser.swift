internal import ApusReactor

/// A user that the process can become, to give up what root may once its ports are bound.
package struct HostUser: Sendable, Equatable {
    private let user: SystemUser

    /// - Throws: why there is none of that name, as half a sentence.
    package init(_ name: String) throws(HostFault) {
        let found: SystemUser?
        do throws(SocketError) { found = try SystemUser.named(name) } catch {
            throw HostFault("the user \(name) cannot be looked up: \(error)")
        }
        guard let found else {
            throw HostFault("there is no user \(name) on this machine; adduser --system --group \(name) makes one")
        }
        guard found.number != 0 else { throw HostFault("\(name) is root itself, which is to be given up") }
        user = found
    }

    /// Whatever is executed from now on gets no more rights than this process has; for this thread and those that it starts.
    package static func forbidNewPrivileges() { SystemUser.forbidNewPrivileges() }

    /// Whether the process has the rights of root.
    package static var isRoot: Bool { SystemUser.current == 0 }

    /// Whether it is this one's already.
    package var isCurrent: Bool { SystemUser.current == user.number }

    /// Makes the whole process this user's, with its groups and no others, for good.
    package func become() throws(HostFault) {
        do throws(SocketError) { try user.become() } catch { throw HostFault("\(error)") }
    }

    /// Does what this user could do; nil where this process may not take another's rights.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
        do throws(SocketError) { return try user.run(body) } catch { return nil }
    }
}
