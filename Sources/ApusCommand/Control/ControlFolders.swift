import Apus

/// Where control sockets are: the one rule by which a server chooses the place, and commands look for it.
struct ControlFolders {
    /// Folders in which they may be, the nearest first.
    let all: [Folder]
    /// How folders are looked at; another one in tests.
    let look: (String) -> HostFolder.State

    struct Folder: Equatable {
        let path: String
        /// Where the folder may be made if it is not there: in one that is this user's.
        let parent: String?
    }

    init(_ environment: [String: String], look: @escaping (String) -> HostFolder.State = HostFolder.state) {
        var all: [Folder] = []
        // systemd.exec(5): several have colons between them.
        let runtime = (environment["RUNTIME_DIRECTORY"] ?? "").split(separator: ":").first.map(String.init) ?? ""
        if let path = Self.absolute(runtime) { all.append(Folder(path: path, parent: nil)) }
        if all.first?.path != "/run/apus" { all.append(Folder(path: "/run/apus", parent: nil)) }
        // XDG Base Directory Specification 0.8: what is not absolute is passed over.
        if let path = Self.absolute(environment["XDG_RUNTIME_DIR"] ?? "") {
            all.append(Folder(path: path + "/apus", parent: path))
        }
        self.all = all
        self.look = look
    }

    private static func absolute(_ path: String) -> String? {
        var path = path
        while path.hasSuffix("/") { path.removeLast() }
        return path.hasPrefix("/") ? path : nil
    }

    /// A place for a server: the first folder that is this user's, or can be.
    ///
    /// - Returns: the folder, and whether it is to be made; nil where there is none.
    func place() -> (path: String, isToBeMade: Bool)? {
        for folder in all where folder.path.utf8.count <= ControlPlace.longestPath - "/control-4194304.sock".utf8.count
        {
            switch look(folder.path) {
            case .own: return (folder.path, false)
            case .missing: if let parent = folder.parent, look(parent) == .own { return (folder.path, true) }
            case .foreign, .unusable: break
            }
        }
        return nil
    }

    /// The name of the first server's socket, and that of one beside it.
    static let name = "control.sock"
    static func name(process: Int32) -> String { "control-\(process).sock" }

    /// The sockets of servers that are there, alive or not.
    func sockets(names: (String) -> [String] = HostFolder.names) -> [String] {
        all.flatMap { folder in
            names(folder.path).filter(Self.isName).map { "\(folder.path)/\($0)" }
        }
    }

    /// `control.sock`, `control-123.sock`.
    static func isName(_ name: String) -> Bool {
        if name == Self.name { return true }
        guard name.hasPrefix("control-"), name.hasSuffix(".sock") else { return false }
        return Int32(name.dropFirst(8).dropLast(5)) != nil
    }
}
