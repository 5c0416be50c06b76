import ApusTesting
import Glibc

/// A network, and a view of some files, that one thread and those it starts have to themselves: free ports, own addresses and routes,
/// own name servers.
///
/// It takes root, and the `ip` command; a test asks ``isPermitted`` first and is skipped where it is not.
enum Namespace {
    /// What a test that is skipped says.
    static let refusal: String = "network and mount namespaces are for root, and need the ip command"

    /// Whether this process may make one: tried once.
    static let isPermitted: Bool =
        geteuid() == 0 && run("unshare", ["--net", "--mount", "ip", "link", "set", "lo", "up"])

    /// Runs on a thread in a namespace of its own, whose loopback is up.
    ///
    /// - Parameter files: contents that stand in the place of these files; see ``Places`` to change them.
    static func run<Value: Sendable>(
        _ files: [String: String] = [:],
        _ body: @escaping @Sendable (Places) throws -> Value
    ) async throws -> Value {
        try await onOwnThread {
            try leave()
            ip("link", "set", "lo", "up")
            let places = try Places(files)
            defer { places.remove() }
            return try body(places)
        }
    }

    /// Starts a thread at once, which no other test's work holds up; it is in the namespace of the calling one.
    static func startThread(_ body: @escaping @Sendable () -> Void) throws {
        final class Body {
            let run: @Sendable () -> Void
            init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        let held = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            },
            held.toOpaque()
        )
        guard code == 0 else {
            held.release()
            throw PeerFault.system(call: "pthread_create", errno: code)
        }
        pthread_detach(thread)
    }

    /// Runs the `ip` command in the namespace of the calling thread.
    static func ip(_ words: String...) {
        if !run("ip", words) { print("ip \(words.joined(separator: " ")) has failed") }
    }

    /// Files that stand in the place of others.
    struct Places: Sendable {
        private let own: [String: String]

        fileprivate init(_ files: [String: String]) throws {
            var own: [String: String] = [:]
            for (place, text) in files {
                var name = Array("/tmp/apus-test-XXXXXX".utf8CString)
                let descriptor = mkstemp(&name)
                guard descriptor >= 0 else { throw PeerFault.system(call: "mkstemp", errno: errno) }
                close(descriptor)
                let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
                own[place] = path
                try Places.write(text, path)
                guard Namespace.run("mount", ["--bind", path, place]) else {
                    throw PeerFault.system(call: "mount", errno: EPERM)
                }
            }
            self.own = own
        }

        /// Writes other contents into one of them.
        func change(_ place: String, _ text: String) throws {
            if let path = own[place] { try Places.write(text, path) }
        }

        /// Takes them out of the folder of passing files; what is mounted stays.
        fileprivate func remove() { for path in own.values { unlink(path) } }

        private static func write(_ text: String, _ path: String) throws {
            let descriptor = open(path, O_WRONLY | O_TRUNC)
            guard descriptor >= 0 else { throw PeerFault.system(call: "open", errno: errno) }
            defer { close(descriptor) }
            fchmod(descriptor, 0o644)
            let bytes = Array(text.utf8)
            guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
                throw PeerFault.system(call: "write", errno: errno)
            }
        }
    }

    /// Leaves the process's network and mounts, on this thread alone.
    private static func leave() throws {
        typealias Unshare = @convention(c) (Int32) -> Int32
        let (newMounts, newNetwork): (Int32, Int32) = (0x0002_0000, 0x4000_0000)
        // The Glibc module does not show it.
        guard let symbol = dlsym(nil, "unshare") else { throw PeerFault.system(call: "dlsym", errno: ENOSYS) }
        guard unsafeBitCast(symbol, to: Unshare.self)(newMounts | newNetwork) == 0 else {
            throw PeerFault.system(call: "unshare", errno: errno)
        }
        // Else what is mounted here would be mounted everywhere.
        guard run("mount", ["--make-rprivate", "/"]) else { throw PeerFault.system(call: "mount", errno: EPERM) }
    }

    /// Runs a command to its end, in the namespaces of this thread.
    private static func run(_ command: String, _ words: [String]) -> Bool {
        var arguments: [UnsafeMutablePointer<CChar>?] = ([command] + words).map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        guard posix_spawnp(&process, command, nil, nil, arguments, environ) == 0 else { return false }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { if errno != EINTR { return false } }
        return status == 0
    }
}
