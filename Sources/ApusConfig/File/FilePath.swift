/// Paths that a settings file names.
enum FilePath {
    /// A relative path is one from the folder of the file that names it, wherever the process runs.
    static func resolve(_ path: String, beside file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }
}
